package dev.eddy.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DamageTest {

    private static final Geometry COLOUR = new Geometry(24, 16, 3);

    @ParameterizedTest
    @EnumSource
    void isAFunctionOfImageSeedAndIndex(Damage damage) {
        Image image = random(COLOUR);
        byte[] before = image.pixels().clone();
        byte[] first = damage.damaged(image, 1, 2).pixels();
        assertArrayEquals(first, damage.damaged(image, 1, 2).pixels());
        assertArrayEquals(before, image.pixels(), "the original stays");
        assertFalse(Arrays.equals(before, first));
        boolean seeded = damage != Damage.INVERSION && damage != Damage.BLUR;
        assertEquals(seeded, !Arrays.equals(first, damage.damaged(image, 1, 3).pixels()));
        assertEquals(seeded, !Arrays.equals(first, damage.damaged(image, 2, 2).pixels()));
    }

    @ParameterizedTest
    @EnumSource
    void fitsEveryGeometry(Damage damage) {
        for (Geometry geometry : new Geometry[] {
            new Geometry(1, 1, 1), new Geometry(2, 1, 3), new Geometry(1, 9, 1), new Geometry(64, 5, 3)
        }) {
            for (long seed = 0; seed < 50; seed++) {
                assertEquals(geometry, damage.damaged(random(geometry), seed, 0).geometry());
            }
        }
    }

    @Test
    void occlusionIsARectangleOfOneGrey() {
        Geometry geometry = new Geometry(28, 28, 1);
        byte[] pixels = Damage.OCCLUSION
                .damaged(new Image(geometry, new byte[784]), 5, 6)
                .pixels();
        long covered = 0;
        int value = 0;
        for (byte pixel : pixels) {
            value = Math.max(value, pixel & 0xff);
        }
        for (byte pixel : pixels) {
            covered += (pixel & 0xff) == value ? 1 : 0;
            assertTrue(pixel == 0 || (pixel & 0xff) == value);
        }
        assertTrue(covered >= 81 && covered <= 196, covered + " pixels");
    }

    @Test
    void blurKeepsAFlatPictureAndInversionTurnsItRound() {
        byte[] flat = new byte[COLOUR.size()];
        Arrays.fill(flat, (byte) 200);
        assertArrayEquals(
                flat, Damage.BLUR.damaged(new Image(COLOUR, flat), 1, 1).pixels());
        byte[] inverted = new byte[COLOUR.size()];
        Arrays.fill(inverted, (byte) 55);
        assertArrayEquals(
                inverted,
                Damage.INVERSION.damaged(new Image(COLOUR, flat), 1, 1).pixels());
    }

    private static Image random(Geometry geometry) {
        byte[] pixels = new byte[geometry.size()];
        new Random(9).nextBytes(pixels);
        return new Image(geometry, pixels);
    }
}
