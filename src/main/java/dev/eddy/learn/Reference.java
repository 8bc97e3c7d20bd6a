package dev.eddy.learn;

import dev.eddy.model.VaeScorer;
import dev.eddy.nn.Mahalanobis;
import dev.eddy.nn.Neighbours;
import dev.eddy.nn.StateVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The last normal records, and how far those of a micro-batch are from them: the RaPP distance, which is the
 * Mahalanobis norm of the scorer's difference vector, and the latent distance, which is that of the posterior's mean
 * from its nearest neighbours. Not thread-safe.
 */
final class Reference implements AutoCloseable {

    /** The fewest vectors that a covariance is estimated over. */
    private static final int FIRST_FIT = 256;

    private final int window;
    private final int refreshSteps;
    private final int rows;
    private final int dimensions;
    private final Mahalanobis mahalanobis;
    private final float[] vectors; // (window, dimensions), a ring
    private final long[] accepted = new long[1]; // vectors ever put into the ring
    private final long[] nextFit = {FIRST_FIT};
    private final @Nullable Neighbours neighbours;
    private final float[] means; // (rows, latent), of the micro-batch
    private final float[] mean; // of one row

    Reference(AnomalyConfig config, int rows, VaeScorer scorer) {
        this.window = config.referenceWindow();
        this.refreshSteps = config.refreshSteps();
        this.rows = rows;
        this.dimensions = scorer.dimensions();
        this.mahalanobis = new Mahalanobis(rows, dimensions, config.shrinkage(), config.robust());
        this.vectors = new float[window * dimensions];
        this.neighbours =
                config.neighbours() == 0 ? null : new Neighbours(config.neighbours(), rows, window, scorer.latent());
        this.means = new float[rows * scorer.latent()];
        this.mean = new float[scorer.latent()];
    }

    /** The RaPP distance of each row that the scorer measured, (rows); overwritten by the next call. */
    double[] rappDistances(VaeScorer scorer) {
        return mahalanobis.distances(scorer.differences(), 0, rows);
    }

    /** Whether latent distances mean something already. */
    boolean hasLatentDistances() {
        return neighbours != null && neighbours.isReady();
    }

    /** The latent distance of each row that the scorer measured, (rows), overwritten by the next call; null for none. */
    double @Nullable [] latentDistances(VaeScorer scorer) {
        if (neighbours == null) {
            return null;
        }
        for (int row = 0; row < rows; row++) {
            scorer.readMean(row, means, row * mean.length);
        }
        return neighbours.distances(means);
    }

    /** Whether as many records were taken in as it holds, and as many as the first covariance waits for. */
    boolean isFull() {
        return accepted[0] >= window && (mahalanobis.isFitted() || accepted[0] >= FIRST_FIT);
    }

    /**
     * Takes in the rows that were measured last.
     *
     * @param importance of each row, 0 to leave it out
     * @return whether RaPP distances change their scale by it, so that those of before are nothing to compare with
     */
    boolean add(VaeScorer scorer, float[] importance) {
        for (int row = 0; row < rows; row++) {
            if (importance[row] > 0) {
                int slot = (int) (accepted[0]++ % window);
                System.arraycopy(scorer.differences(), row * dimensions, vectors, slot * dimensions, dimensions);
                if (neighbours != null) {
                    System.arraycopy(means, row * mean.length, mean, 0, mean.length);
                    neighbours.put(mean);
                }
            }
        }
        return accepted[0] >= nextFit[0] && fit();
    }

    /**
     * Estimates the covariance: at 256, 512, ... vectors while the ring fills, then every {@code refreshSteps}
     * micro-batches' worth. While it fills the distances change their scale each time, and with the first whenever
     * that comes: a norm becomes a Mahalanobis norm.
     */
    private boolean fit() {
        boolean growing = accepted[0] < 2L * window;
        int count = (int) Math.min(accepted[0], window);
        boolean first = !mahalanobis.isFitted();
        boolean fitted = mahalanobis.fit(vectors, count);
        nextFit[0] = growing && accepted[0] < window
                ? Math.min(2 * accepted[0], window)
                : accepted[0] + (long) refreshSteps * rows;
        return (first && mahalanobis.isFitted()) || (fitted && accepted[0] <= window + rows);
    }

    void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/accepted", accepted);
        visitor.longs(name + "/nextFit", nextFit);
        visitor.floats(name + "/vectors", vectors);
        visitModel(name, visitor);
    }

    /** What distances are made of, without the vectors that the next covariance is estimated over. */
    void visitModel(String name, StateVisitor visitor) {
        mahalanobis.visit(name + "/mahalanobis", visitor);
        if (neighbours != null) {
            neighbours.visit(name + "/neighbours", visitor);
        }
    }

    /**
     * Takes over what a restoring {@link #visitModel} has written. The covariance stays until a whole ring of vectors
     * has come anew: the count begins two rings on, which is where it follows without a change of scale.
     */
    void adopted() {
        if (mahalanobis.isFitted()) {
            accepted[0] = 2L * window;
            nextFit[0] = 3L * window;
        } else {
            accepted[0] = 0;
            nextFit[0] = FIRST_FIT;
        }
        restored();
    }

    /** Takes over what a restoring {@link #visit} has written. */
    void restored() {
        mahalanobis.restored();
        if (neighbours != null) {
            neighbours.restored();
        }
    }

    /** As in {@link ScoreScale}, and so the next three. */
    float[] mean() {
        return mahalanobis.mean();
    }

    float[] factor() {
        return mahalanobis.factor();
    }

    float[] neighbours() {
        return neighbours == null ? new float[0] : neighbours.vectors();
    }

    int nearest() {
        return neighbours == null ? 0 : neighbours.count();
    }

    /** Frees the off-heap arrays. */
    @Override
    public void close() {
        mahalanobis.close();
        if (neighbours != null) {
            neighbours.close();
        }
    }
}
