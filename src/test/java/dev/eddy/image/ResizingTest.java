package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ResizingTest {

    /** Against the definition: the integral of the picture, constant in each pixel, over each pixel of the result. */
    @Test
    void resizingIsTheMeanOverTheAreaOfEachPixel() {
        Random random = new Random(5);
        for (int run = 0; run < 200; run++) {
            Geometry from = new Geometry(1 + random.nextInt(40), 1 + random.nextInt(40), random.nextBoolean() ? 1 : 3);
            Geometry to = new Geometry(1 + random.nextInt(40), 1 + random.nextInt(40), from.channels());
            byte[] pixels = Pictures.pixels(from, run);
            byte[] resized = decodeTo(to, ImageFormat.JSON.encoder().encode(new Image(from, pixels)));
            for (int i = 0; i < resized.length; i++) {
                double exact = mean(from, pixels, to, i);
                // Rounded once: never further than half a step from the true mean.
                assertEquals(exact, resized[i] & 0xff, 0.5 + 1e-9, from + " to " + to + " at " + i);
            }
        }
    }

    private static double mean(Geometry from, byte[] pixels, Geometry to, int index) {
        int c = index % to.channels();
        int x = index / to.channels() % to.width();
        int y = index / to.channels() / to.width();
        double sum = 0;
        for (int v = 0; v < from.height(); v++) {
            double high = overlap(v, from.height(), y, to.height());
            for (int u = 0; u < from.width(); u++) {
                double area = high * overlap(u, from.width(), x, to.width());
                sum += area * (pixels[(v * from.width() + u) * from.channels() + c] & 0xff);
            }
        }
        return sum * to.width() * to.height();
    }

    /** How much of the unit interval both the i-th of n and the j-th of m equal parts cover. */
    private static double overlap(int i, int n, int j, int m) {
        return Math.max(0, Math.min((i + 1.0) / n, (j + 1.0) / m) - Math.max((double) i / n, (double) j / m));
    }

    @Test
    void resizingAveragesAreas() {
        byte[] pixels = {0, 10, 20, 30, 40, 50, 60, 70};
        byte[] png = PngWriter.png(new Image(new Geometry(4, 2, 1), pixels));
        assertArrayEquals(new byte[] {25, 45}, decodeTo(new Geometry(2, 1, 1), png));
        // A third of the row takes one pixel and a third of the next: (0*3 + 10*1)/4 = 2.5.
        byte[] row = PngWriter.png(new Image(new Geometry(4, 1, 1), new byte[] {0, 10, 20, 30}));
        assertArrayEquals(new byte[] {3, 15, 28}, decodeTo(new Geometry(3, 1, 1), row));
        assertArrayEquals(new byte[] {0, 0, 10, 10, 20, 20, 30, 30}, decodeTo(new Geometry(8, 1, 1), row));
        byte[] column = PngWriter.png(new Image(new Geometry(1, 4, 1), new byte[] {0, 10, 20, 30}));
        assertArrayEquals(new byte[] {3, 15, 28}, decodeTo(new Geometry(1, 3, 1), column));
    }

    private static byte[] decodeTo(Geometry geometry, byte[] bytes) {
        return ImageFormat.AUTO.decoder(geometry).decode(bytes).pixels();
    }
}
