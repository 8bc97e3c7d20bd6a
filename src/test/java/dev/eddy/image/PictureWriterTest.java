package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureWriterTest {

    @Test
    void theJdkReadsWhatIsWritten() throws IOException {
        Geometry geometry = new Geometry(5, 3, 3);
        byte[] pixels = Pictures.pixels(geometry, 1);
        BufferedImage image = read(PngWriter.png(new Image(geometry, pixels)));
        assertEquals(5, image.getWidth());
        assertEquals(3, image.getHeight());
        for (int i = 0; i < 15; i++) {
            int rgb = image.getRGB(i % 5, i / 5);
            assertArrayEquals(
                    new byte[] {pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]},
                    new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb});
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "3,2,2", "5,3,2", "16,4,4", "17,5,4"})
    void aGridIsNearlySquare(int count, int columns, int rows) throws IOException {
        List<byte[]> images = Collections.nCopies(count, new byte[784]);
        BufferedImage grid = read(ImageGrid.png(Pictures.GREY, images, 2));
        assertEquals(columns * 58 - 2, grid.getWidth());
        assertEquals(rows * 58 - 2, grid.getHeight());
    }

    @Test
    void aGridEnlargesAndOrdersItsImages() throws IOException {
        Geometry geometry = new Geometry(2, 1, 1);
        float[][] images = {{0f, 1f}, {0.5f, 2f}, {-1f, Float.NaN}};
        BufferedImage grid = read(ImageGrid.png(geometry, images, 3));
        assertEquals(14, grid.getWidth());
        assertEquals(8, grid.getHeight());
        int[] firstRow = {0, 0, 0, 255, 255, 255, 48, 48, 128, 128, 128, 255, 255, 255};
        for (int y = 0; y < 3; y++) {
            assertArrayEquals(firstRow, grid.getRaster().getSamples(0, y, 14, 1, 0, (int[]) null));
        }
        int[] lastRow = {0, 0, 0, 0, 0, 0, 48, 48, 48, 48, 48, 48, 48, 48};
        assertArrayEquals(lastRow, grid.getRaster().getSamples(0, 7, 14, 1, 0, (int[]) null));
    }

    @Test
    void aGridEnlargesColoursPixelByPixel() throws IOException {
        Geometry geometry = new Geometry(3, 2, 3);
        byte[] pixels = Pictures.pixels(geometry, 1);
        BufferedImage grid = read(ImageGrid.png(geometry, List.of(pixels), 4));
        assertEquals(12, grid.getWidth());
        assertEquals(8, grid.getHeight());
        for (int i = 0; i < 12 * 8 * 3; i++) {
            int x = i / 3 % 12;
            int y = i / 3 / 12;
            int expected = pixels[(y / 4 * 3 + x / 4) * 3 + i % 3] & 0xff;
            assertEquals(expected, grid.getRaster().getSample(x, y, i % 3), "at " + x + ", " + y);
        }
    }

    @Test
    void smallImagesAreEnlarged() {
        assertEquals(2, ImageGrid.viewableScale(Pictures.GREY));
        assertEquals(1, ImageGrid.viewableScale(new Geometry(200, 100, 1)));
        assertThrows(IllegalArgumentException.class, () -> ImageGrid.png(Pictures.GREY, List.of(), 1));
    }

    @Test
    void anErrorMapShowsInputReconstructionAndDifference() throws IOException {
        Geometry geometry = new Geometry(2, 1, 1);
        BufferedImage map = read(ErrorMap.png(geometry, new byte[] {0, (byte) 255}, new float[] {0f, 0f}, 1));
        assertEquals(10, map.getWidth());
        assertEquals(0xff000000, map.getRGB(0, 0));
        assertEquals(0xffffffff, map.getRGB(1, 0));
        assertEquals(0xff000000, map.getRGB(4, 0));
        assertEquals(0xff000000, map.getRGB(5, 0));
        assertEquals(0xff000004, map.getRGB(8, 0));
        assertEquals(0xfffcffa4, map.getRGB(9, 0));
    }

    @Test
    void theRampGrowsBrighterWithTheDifference() {
        int before = -1;
        for (int i = 0; i <= 32; i++) {
            int colour = ErrorMap.colour(i / 32f);
            int luminance = Fit.luminance(colour >> 16 & 0xff, colour >> 8 & 0xff, colour & 0xff);
            assertTrue(luminance > before, "at " + i + " of 32");
            before = luminance;
        }
    }

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }
}
