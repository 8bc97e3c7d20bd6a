package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grey that does not come as eight bits of grey. */
class GreyPictureTest {

    private static final Geometry GREY = Pictures.GREY;
    private static final Geometry COLOUR = new Geometry(GREY.width(), GREY.height(), 3);
    private static final Image IMAGE = new Image(GREY, Pictures.pixels(GREY, 1));

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "4,false", "1,true", "2,true", "4,true", "8,true"})
    void itHasOneChannelWhateverSaysTheShades(int bits, boolean palette) {
        Image image = GreyFiles.ofShades(IMAGE, bits);
        byte[] png = GreyFiles.png(image, bits, palette);
        assertEquals(bits, png[24], "bits of a sample");
        assertEquals(palette ? 3 : 0, png[25], "colour type");
        Image asItIs = PictureDecoder.asItIs(png);
        assertEquals(GREY, asItIs.geometry());
        assertArrayEquals(image.pixels(), asItIs.pixels());
        assertArrayEquals(
                image.pixels(), ImageFormat.AUTO.decoder(GREY).decode(png).pixels());
        byte[] three = ImageFormat.AUTO.decoder(COLOUR).decode(png).pixels();
        for (int i = 0; i < three.length; i++) {
            assertEquals(image.pixels()[i / 3], three[i]);
        }
    }

    @Test
    void aPaletteThatCanSayRedHasThree() {
        byte[] dark = GreyFiles.ofShades(IMAGE, 4).pixels();
        for (int i = 0; i < dark.length; i++) {
            dark[i] = (byte) Math.min(dark[i] & 0xff, 0xee);
        }
        Image asItIs = PictureDecoder.asItIs(GreyFiles.pngWithRed(new Image(GREY, dark), 4));
        assertEquals(COLOUR, asItIs.geometry());
        for (int i = 0; i < asItIs.pixels().length; i++) {
            assertEquals(dark[i / 3], asItIs.pixels()[i]);
        }
    }
}
