package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;

/**
 * The fold over one partition's log: {@code model(k+1) = train(model(k), batch(k))}, and for each image of batch k
 * {@code score = f(model(k), image)}. Knows neither Kafka nor a clock; the state after any number of images is a pure
 * function of (configuration, partition, images). The same class runs in the processor, in replay, in
 * {@code backtest} and in tests. Not thread-safe: one thread at a time.
 */
public final class Learner implements AutoCloseable {

    /** Which model a generated sample comes from. */
    public enum SampleKind {
        VAE,
        GAN
    }

    /** model(0): initial weights from the seed and the partition, no image seen. */
    public Learner(LearnerConfig config, int partition) {
        throw new UnsupportedOperationException();
    }

    public LearnerConfig config() {
        throw new UnsupportedOperationException();
    }

    /** k: micro-batches trained on. */
    public long step() {
        throw new UnsupportedOperationException();
    }

    /** Images in the current micro-batch, 0 to {@code config().batchSize()}. */
    public int rows() {
        throw new UnsupportedOperationException();
    }

    /** Whether the micro-batch is complete, so that {@link #train} must be called before the next {@link #add}. */
    public boolean isFull() {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts one image into the next row of the micro-batch.
     *
     * @param pixels {@code config().geometry().size()} values, 0 to 255 unsigned; copied
     * @return the image's row in the micro-batch
     * @throws IllegalStateException if the micro-batch is full
     */
    public int add(byte[] pixels) {
        throw new UnsupportedOperationException();
    }

    /**
     * The score of one row by model(k); the same whenever it is asked for, however full the micro-batch is. The pass
     * over the micro-batch is computed at the first call after an {@link #add} and kept.
     */
    public Score score(int row) {
        throw new UnsupportedOperationException();
    }

    /** The reconstruction of one row by model(k), {@code geometry.size()} values in [0, 1]; a copy. */
    public float[] reconstruction(int row) {
        throw new UnsupportedOperationException();
    }

    /**
     * Trains on the full micro-batch: k becomes k + 1 and the micro-batch is empty. The scores of its rows must have
     * been read before.
     *
     * @throws IllegalStateException if the micro-batch is not full
     */
    public StepReport train() {
        throw new UnsupportedOperationException();
    }

    /**
     * Generated images of the model as it stands, each {@code geometry.size()} values in [0, 1]. The noise is a
     * function of (seed, partition, step, kind), so asking does not change the fold.
     */
    public float[][] samples(SampleKind kind, int count) {
        throw new UnsupportedOperationException();
    }

    /**
     * Walks over the whole state between two micro-batches: weights, moments, moving averages, calibration, step.
     * Images of a half-filled micro-batch are not part of it. After a restoring walk call {@link #restored}.
     */
    public void visit(StateVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Takes over the state that a restoring {@link #visit} has written; empties the micro-batch. */
    public void restored() {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of all weights of both models, lower-case hexadecimal. */
    public String weightsSha256() {
        throw new UnsupportedOperationException();
    }

    /** Frees the off-heap arrays. */
    @Override
    public void close() {}
}
