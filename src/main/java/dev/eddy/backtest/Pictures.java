package dev.eddy.backtest;

import dev.eddy.image.Geometry;
import dev.eddy.image.ImageGrid;
import java.util.Arrays;
import java.util.List;

/** Values in [0, 1] as 8-bit pictures, and what is made of those. */
final class Pictures {

    private Pictures() {}

    static List<byte[]> quantised(float[][] images) {
        return Arrays.stream(images).map(ImageGrid::bytes).toList();
    }

    /** The shape of a {@link #strip}. */
    static Geometry stripOf(Geometry geometry) {
        return new Geometry(3 * geometry.width(), geometry.height(), geometry.channels());
    }

    /** A picture, its reconstruction and their absolute difference side by side. */
    static byte[] strip(Geometry geometry, byte[] pixels, float[] reconstruction) {
        byte[] other = ImageGrid.bytes(reconstruction);
        byte[] difference = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            difference[i] = (byte) Math.abs((pixels[i] & 0xFF) - (other[i] & 0xFF));
        }
        int line = geometry.width() * geometry.channels();
        byte[] strip = new byte[3 * pixels.length];
        for (int y = 0; y < geometry.height(); y++) {
            System.arraycopy(pixels, y * line, strip, 3 * y * line, line);
            System.arraycopy(other, y * line, strip, (3 * y + 1) * line, line);
            System.arraycopy(difference, y * line, strip, (3 * y + 2) * line, line);
        }
        return strip;
    }

    /** The mean of at least one picture. */
    static byte[] mean(List<byte[]> images) {
        long[] sums = new long[images.get(0).length];
        for (byte[] image : images) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += image[i] & 0xFF;
            }
        }
        byte[] mean = new byte[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (byte) ((sums[i] + images.size() / 2) / images.size());
        }
        return mean;
    }
}
