package dev.eddy.backtest;

import java.util.Arrays;
import java.util.List;

/** Values in [0, 1] as 8-bit pictures. */
final class Pictures {

    private Pictures() {}

    static List<byte[]> quantised(float[][] images) {
        return Arrays.stream(images).map(Pictures::quantised).toList();
    }

    static byte[] quantised(float[] values) {
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (int) (Math.max(0f, Math.min(1f, values[i])) * 255f + 0.5f);
        }
        return pixels;
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
