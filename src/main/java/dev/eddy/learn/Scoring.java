package dev.eddy.learn;

import dev.eddy.model.VaeScorer;
import dev.eddy.nn.CounterRandom;
import java.util.Arrays;

/**
 * What the model as it stands makes of the micro-batch. The pass over all its rows runs when a row is asked for that it
 * has not measured, and is kept until {@link #forget}. Not thread-safe.
 */
final class Scoring {

    private final MicroBatch batch;
    private final VaeScorer scorer;
    private final Calibration calibration;
    private final int size;
    private final double alpha;
    private final double[] errors; // (batch.capacity)
    private int measuredRows;
    private long nanos;

    Scoring(LearnerConfig config, MicroBatch batch, VaeScorer scorer, Calibration calibration) {
        this.batch = batch;
        this.scorer = scorer;
        this.calibration = calibration;
        this.size = config.geometry().size();
        this.alpha = config.anomaly().alpha();
        this.errors = new double[batch.capacity()];
    }

    /** Sees to it that the pass has measured a row, and all before it. */
    void measure(int row) {
        if (row < 0 || row >= batch.rows()) {
            throw new IndexOutOfBoundsException("row " + row + " of a micro-batch with " + batch.rows());
        }
        if (row < measuredRows) {
            return;
        }
        long start = System.nanoTime();
        batch.images().toNative();
        scorer.run();
        for (int i = 0; i < batch.rows(); i++) {
            errors[i] = Math.max(0, scorer.crossEntropy(i) - batch.entropy(i));
        }
        calibration.measure(scorer, errors);
        measuredRows = batch.rows();
        nanos += System.nanoTime() - start;
    }

    /** The model, the images or the scorer's arrays are others now: rows are measured anew. */
    void forget() {
        measuredRows = 0;
    }

    /** Time that passes have taken since it was last asked for, nanoseconds. */
    long takeNanos() {
        long taken = nanos;
        nanos = 0;
        return taken;
    }

    /** @param step of the model, for the record */
    Score score(int row, long step) {
        measure(row);
        double pValue = calibration.pValue(row);
        boolean warming = calibration.warming();
        return new Score(
                calibration.score(row),
                errors[row],
                scorer.kl(row),
                calibration.rapp(row),
                pValue,
                !warming && pValue <= alpha,
                warming,
                step);
    }

    float[] reconstruction(int row) {
        measure(row);
        float[] copy = new float[size];
        System.arraycopy(scorer.reconstructions(), row * size, copy, 0, size);
        return copy;
    }

    double crossEntropy(int row) {
        measure(row);
        return scorer.crossEntropy(row);
    }

    float[] features(int row) {
        measure(row);
        return scorer.features(row);
    }

    /** Negative evidence lower bound of every row, nats, each from one latent drawn from the posterior. */
    double[] negativeElbos(CounterRandom random) {
        measure(batch.rows() - 1);
        double[] nats = new double[batch.capacity()];
        scorer.sampledCrossEntropy(random, nats);
        for (int row = 0; row < batch.rows(); row++) {
            nats[row] += scorer.kl(row);
        }
        return Arrays.copyOf(nats, batch.rows());
    }
}
