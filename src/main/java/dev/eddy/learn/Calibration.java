package dev.eddy.learn;

import dev.eddy.model.VaeScorer;
import dev.eddy.nn.Mahalanobis;
import dev.eddy.nn.StateVisitor;

/**
 * From what the scorer measured to scores, p-values and the gate, all relative to recent records. Everything it
 * compares with is frozen while a micro-batch fills and moves on in {@link #update}, so a score is a function of
 * (model(k), image). Not thread-safe.
 *
 * <p>The RaPP distance is the Mahalanobis norm of the scorer's difference vector over the last normal records. The
 * main score is the sum of the standardised logarithms of RaPP distance and reconstruction error. The p-value is
 * conformal: the share of recent scores at least as high, the record itself counted (Vovk et al. 2005).
 */
final class Calibration implements AutoCloseable {

    /** Vectors under which a covariance is not estimated. */
    private static final int FIRST_FIT = 256;

    /** Gate scores under which nothing is rejected. */
    private static final int GATE_MINIMUM = 256;

    private static final double SMALLEST = 1e-6;

    private final AnomalyConfig config;
    private final int dimensions;
    private final Mahalanobis mahalanobis;
    private final float[] vectors; // (referenceWindow, dimensions), a ring
    private final long[] accepted = new long[1]; // vectors ever put into the ring
    private final long[] nextFit = {FIRST_FIT};
    private final Window logRapp;
    private final Window logError;
    private final Window logCrossEntropy;
    private final Window scores;
    private final Window gateScores;
    private final DriftDetector drift;

    private final double[] rapp; // (rows), of the micro-batch, as all below
    private final double[] lnRapp;
    private final double[] lnError;
    private final double[] lnCrossEntropy;

    Calibration(AnomalyConfig config, int rows, int dimensions) {
        this.config = config;
        this.dimensions = dimensions;
        this.mahalanobis = new Mahalanobis(rows, dimensions, config.shrinkage(), config.robust());
        this.vectors = new float[config.referenceWindow() * dimensions];
        this.logRapp = new Window(config.referenceWindow());
        this.logError = new Window(config.referenceWindow());
        this.logCrossEntropy = new Window(config.referenceWindow());
        this.scores = new Window(config.window());
        this.gateScores = new Window(config.window());
        this.drift = new DriftDetector(config.driftRunLength());
        this.rapp = new double[rows];
        this.lnRapp = new double[rows];
        this.lnError = new double[rows];
        this.lnCrossEntropy = new double[rows];
    }

    /**
     * Takes what the scorer measured of the micro-batch.
     *
     * @param errors reconstruction error of each row, nats
     */
    void measure(VaeScorer scorer, double[] errors) {
        double[] distances = mahalanobis.distances(scorer.differences(), 0, rapp.length);
        for (int row = 0; row < rapp.length; row++) {
            rapp[row] = distances[row];
            lnRapp[row] = Math.log(Math.max(SMALLEST, distances[row]));
            lnError[row] = Math.log(Math.max(SMALLEST, errors[row]));
            lnCrossEntropy[row] = Math.log(Math.max(SMALLEST, scorer.crossEntropy(row)));
        }
    }

    double rapp(int row) {
        return rapp[row];
    }

    /** The main score of a row. */
    double score(int row) {
        return logRapp.standardise(lnRapp[row]) + logError.standardise(lnError[row]);
    }

    /** The conformal p-value of a row, over 0 to 1. */
    double pValue(int row) {
        return (scores.atLeast(score(row)) + 1.0) / (scores.size() + 1.0);
    }

    /** Whether too few scores are known for a p-value to reach {@code anomaly.alpha}. */
    boolean warming() {
        return !mahalanobis.isFitted() || config.alpha() * (scores.size() + 1.0) < 1;
    }

    /** The highest of the standardised measures: what is strange in any one of them. */
    private double gateScore(int row) {
        return Math.max(
                logRapp.standardise(lnRapp[row]),
                Math.max(logError.standardise(lnError[row]), logCrossEntropy.standardise(lnCrossEntropy[row])));
    }

    /**
     * Says which rows to train on: not those over the running quantile of all recent gate scores. Since the rejected
     * count in the quantile too, a sustained change moves it and the gate opens again.
     *
     * @param importance 1 to train on, 0 to leave out; written
     * @return rows left out
     */
    int gate(float[] importance) {
        double threshold = config.gate() && gateScores.size() >= GATE_MINIMUM
                ? gateScores.quantile(config.gateQuantile())
                : Double.POSITIVE_INFINITY;
        int rejected = 0;
        for (int row = 0; row < rapp.length; row++) {
            boolean keep = gateScore(row) <= threshold;
            importance[row] = keep ? 1 : 0;
            rejected += keep ? 0 : 1;
        }
        return rejected;
    }

    /**
     * Moves on by the micro-batch that was measured.
     *
     * @return drift alarms that it raised
     */
    int update(VaeScorer scorer, float[] importance) {
        int alarms = 0;
        boolean watching = accepted[0] >= config.referenceWindow() && scores.size() >= scores.capacity();
        for (int row = 0; watching && row < rapp.length; row++) {
            alarms += drift.add(pValue(row)) ? 1 : 0;
        }
        for (int row = 0; row < rapp.length; row++) {
            scores.add(score(row));
            gateScores.add(gateScore(row));
        }
        for (int row = 0; row < rapp.length; row++) {
            if (importance[row] > 0) {
                int slot = (int) (accepted[0]++ % config.referenceWindow());
                System.arraycopy(scorer.differences(), row * dimensions, vectors, slot * dimensions, dimensions);
                logRapp.add(lnRapp[row]);
                logError.add(lnError[row]);
                logCrossEntropy.add(lnCrossEntropy[row]);
            }
        }
        if (accepted[0] >= nextFit[0]) {
            fit();
        }
        settle();
        return alarms;
    }

    /** Evidence that what is normal has changed, 0 to {@code anomaly.drift.run.length}. */
    double driftEvidence() {
        return drift.evidence();
    }

    /**
     * Estimates the covariance: at 256, 512, ... vectors while the ring fills, then every {@code refreshSteps}
     * micro-batches' worth. While it fills the distances change their scale each time, so the windows start anew.
     */
    private void fit() {
        boolean growing = accepted[0] < 2L * config.referenceWindow();
        int count = (int) Math.min(accepted[0], config.referenceWindow());
        boolean fitted = mahalanobis.fit(vectors, count);
        nextFit[0] = growing && accepted[0] < config.referenceWindow()
                ? Math.min(2 * accepted[0], config.referenceWindow())
                : accepted[0] + (long) config.refreshSteps() * rapp.length;
        if (fitted && accepted[0] <= config.referenceWindow() + rapp.length) {
            logRapp.clear();
            scores.clear();
            gateScores.clear();
        }
    }

    private void settle() {
        logRapp.settle();
        logError.settle();
        logCrossEntropy.settle();
        scores.settle();
        gateScores.settle();
    }

    void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/accepted", accepted);
        visitor.longs(name + "/nextFit", nextFit);
        visitor.floats(name + "/vectors", vectors);
        visitModel(name, visitor);
        drift.visit(name + "/drift", visitor);
    }

    /** What scores are made of, without the vectors that the next covariance is estimated over. */
    void visitModel(String name, StateVisitor visitor) {
        mahalanobis.visit(name + "/mahalanobis", visitor);
        logRapp.visit(name + "/logRapp", visitor);
        logError.visit(name + "/logError", visitor);
        logCrossEntropy.visit(name + "/logCrossEntropy", visitor);
        scores.visit(name + "/scores", visitor);
        gateScores.visit(name + "/gateScores", visitor);
    }

    /**
     * Takes over what a restoring {@link #visitModel} has written. The covariance stays until a whole ring of vectors
     * has come anew: the count begins two rings on, which is where it follows without setting the windows back.
     */
    void adopted() {
        if (mahalanobis.isFitted()) {
            accepted[0] = 2L * config.referenceWindow();
            nextFit[0] = 3L * config.referenceWindow();
        } else {
            accepted[0] = 0;
            nextFit[0] = FIRST_FIT;
        }
        restored();
    }

    /** What a score is made of now, besides the networks. */
    ScoreScale scale() {
        return new ScoreScale(
                mahalanobis.mean(),
                mahalanobis.factor(),
                SMALLEST,
                logRapp.mean(),
                logRapp.deviation(),
                logError.mean(),
                logError.deviation(),
                scores.sorted(),
                config.alpha(),
                warming());
    }

    void restored() {
        mahalanobis.restored();
        settle();
    }

    @Override
    public void close() {
        mahalanobis.close();
    }
}
