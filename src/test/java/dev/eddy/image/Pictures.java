package dev.eddy.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures for the tests of this package. */
final class Pictures {

    static final Geometry GREY = new Geometry(28, 28, 1);

    private Pictures() {}

    static byte[] pixels(Geometry geometry, long seed) {
        byte[] pixels = new byte[geometry.size()];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    /** The file that the JDK's own writer makes of an image. */
    static byte[] file(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("no writer of " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A smooth picture, so that JPEG changes it little. */
    static BufferedImage gradient(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, (x * 255 / width) << 16 | (y * 255 / height) << 8 | 128 | 0xff000000);
            }
        }
        return image;
    }
}
