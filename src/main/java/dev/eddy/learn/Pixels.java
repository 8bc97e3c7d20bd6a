package dev.eddy.learn;

/** 8-bit values as numbers in [0, 1], and what of their cross-entropy no reconstruction can remove. */
final class Pixels {

    private static final float[] VALUE = new float[256];
    private static final double[] ENTROPY = new double[256];

    static {
        for (int i = 0; i < 256; i++) {
            double x = i / 255.0;
            VALUE[i] = (float) x;
            ENTROPY[i] = i == 0 || i == 255 ? 0 : -x * Math.log(x) - (1 - x) * Math.log(1 - x);
        }
    }

    private Pixels() {}

    static void toFloats(byte[] pixels, int offset, float[] target, int targetOffset, int length) {
        for (int i = 0; i < length; i++) {
            target[targetOffset + i] = VALUE[pixels[offset + i] & 0xFF];
        }
    }

    /** Sum of the Bernoulli entropies of the values, nats. */
    static double entropy(byte[] pixels) {
        double even = 0; // two sums, since each would wait for itself
        double odd = 0;
        for (int i = 0; i < pixels.length - 1; i += 2) {
            even += ENTROPY[pixels[i] & 0xFF];
            odd += ENTROPY[pixels[i + 1] & 0xFF];
        }
        double rest = pixels.length % 2 == 0 ? 0 : ENTROPY[pixels[pixels.length - 1] & 0xFF];
        return even + odd + rest;
    }
}
