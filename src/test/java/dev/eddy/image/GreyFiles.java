package dev.eddy.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;

/** Grey PNG files of few bits a pixel. */
public final class GreyFiles {

    private GreyFiles() {}

    /** A grey image with no other shades than so many bits have. */
    public static Image ofShades(Image image, int bits) {
        byte[] pixels = new byte[image.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (level(image.pixels()[i], bits) * step(bits));
        }
        return new Image(image.geometry(), pixels);
    }

    /**
     * A file with exactly these pixels.
     *
     * @param image of {@link #ofShades}
     * @param palette whether the shades go down while the stored values go up, which takes a palette to say
     */
    public static byte[] png(Image image, int bits, boolean palette) {
        int levels = 1 << bits;
        byte[] shades = new byte[levels];
        for (int i = 0; i < levels; i++) {
            shades[i] = (byte) ((palette ? levels - 1 - i : i) * step(bits));
        }
        return png(image, bits, new IndexColorModel(bits, levels, shades, shades, shades));
    }

    /** A grey palette but for its last entry, which is red and nowhere in the image. */
    static byte[] pngWithRed(Image image, int bits) {
        int levels = 1 << bits;
        byte[] shades = new byte[levels];
        for (int i = 0; i < levels; i++) {
            shades[i] = (byte) (i * step(bits));
        }
        byte[] reds = Arrays.copyOf(shades, levels);
        shades[levels - 1] = 0;
        return png(image, bits, new IndexColorModel(bits, levels, reds, shades, shades));
    }

    private static byte[] png(Image image, int bits, IndexColorModel shades) {
        int width = image.geometry().width();
        BufferedImage picture = new BufferedImage(
                width,
                image.geometry().height(),
                bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY,
                shades);
        for (int i = 0; i < image.pixels().length; i++) {
            int stored = 0;
            while ((byte) shades.getBlue(stored) != image.pixels()[i]) {
                stored++;
            }
            picture.getRaster().setSample(i % width, i / width, 0, stored);
        }
        return Pictures.file(picture, "png");
    }

    private static int level(byte value, int bits) {
        return (value & 0xff) >> (8 - bits);
    }

    private static int step(int bits) {
        return 255 / ((1 << bits) - 1);
    }
}
