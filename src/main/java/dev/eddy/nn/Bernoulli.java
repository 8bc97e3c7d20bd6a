package dev.eddy.nn;

/**
 * The Bernoulli likelihood of grey pixels on logits, row by row: {@code -log p(x) = max(l, 0) - x l - log s(|l|)} with
 * the sigmoid s. Scratch of one row is allocated once. Not thread-safe.
 */
public final class Bernoulli {

    private final float[] linear;
    private final float[] certainty;

    /** @param width pixels of a row */
    public Bernoulli(int width) {
        this.linear = new float[width];
        this.certainty = new float[width];
    }

    /**
     * Cross-entropy of one picture in nats.
     *
     * @param logits (width)
     * @param probabilities (width), the sigmoid of the logits
     * @param pixels (width), each in [0, 1]
     */
    public double crossEntropy(float[] logits, float[] probabilities, float[] pixels) {
        int width = linear.length;
        for (int i = 0; i < width; i++) {
            float probability = probabilities[i];
            linear[i] = Math.max(logits[i], 0) - pixels[i] * logits[i];
            certainty[i] = Math.max(probability, 1 - probability);
        }
        return Elementwise.sum(linear, width) - Elementwise.sumOfLogs(certainty, width);
    }
}
