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
     * Cross-entropy of one row in nats.
     *
     * @param logits (rows, width)
     * @param probabilities (rows, width), the sigmoid of the logits
     * @param pixels (rows, width), each in [0, 1]
     */
    public double crossEntropy(float[] logits, float[] probabilities, float[] pixels, int row) {
        int width = linear.length;
        int offset = row * width;
        for (int i = 0; i < width; i++) {
            float logit = logits[offset + i];
            float probability = probabilities[offset + i];
            linear[i] = Math.max(logit, 0) - pixels[offset + i] * logit;
            certainty[i] = Math.max(probability, 1 - probability);
        }
        return Elementwise.sum(linear, width) - Elementwise.sumOfLogs(certainty, width);
    }
}
