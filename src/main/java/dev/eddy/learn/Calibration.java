package dev.eddy.learn;

import dev.eddy.model.VaeScorer;
import dev.eddy.nn.StateVisitor;

/**
 * From what the scorer measured to scores, p-values and the gate, all relative to recent records. Everything it
 * compares with is frozen while a micro-batch fills and moves on in {@link #update}, so a score is a function of
 * (model(k), image). Not thread-safe.
 *
 * <p>The RaPP distance is the Mahalanobis norm of the scorer's difference vector over the last normal records; the
 * latent distance that of the posterior's mean from its nearest neighbours among them. The main score is the sum of the
 * standardised logarithms of reconstruction error, RaPP distance and latent distance, the last two by half. The p-value
 * is conformal: the share of recent scores at least as high, the record itself counted (Vovk et al. 2005).
 */
final class Calibration implements AutoCloseable {

    /** How many gate scores there must be before anything is rejected. */
    private static final int GATE_MINIMUM = 256;

    /** Deviations under which nothing is rejected: the gate is for what is strange, not for the upper tenth. */
    private static final double GATE_DEVIATIONS = 2.5;

    /** Records that a measure is standardised over: few, so that it follows a model that still learns. */
    private static final int STANDARD = 256;

    /** What RaPP distance and latent distance count beside the reconstruction error. */
    private static final double HALF = 0.5;

    private static final double SMALLEST = 1e-6;

    private final AnomalyConfig config;
    private final Reference reference;
    private final Window logRapp;
    private final Window logLatent;
    private final Window logError;
    private final Window logCrossEntropy;
    private final Window scores;
    private final Window gateScores;
    private final DriftDetector drift;

    private final double[] rapp; // (rows), of the micro-batch, as all below
    private final double[] lnRapp;
    private final double[] lnLatent;
    private final double[] lnError;
    private final double[] lnCrossEntropy;

    Calibration(AnomalyConfig config, int rows, VaeScorer scorer) {
        this.config = config;
        this.reference = new Reference(config, rows, scorer);
        int standard = Math.min(STANDARD, config.window());
        this.logRapp = new Window(standard);
        this.logLatent = new Window(standard);
        this.logError = new Window(standard);
        this.logCrossEntropy = new Window(standard);
        this.scores = new Window(config.window());
        this.gateScores = new Window(config.window());
        this.drift = new DriftDetector(config.driftRunLength());
        this.rapp = new double[rows];
        this.lnRapp = new double[rows];
        this.lnLatent = new double[rows];
        this.lnError = new double[rows];
        this.lnCrossEntropy = new double[rows];
    }

    /**
     * Takes what the scorer measured of the micro-batch.
     *
     * @param errors reconstruction error of each row, nats
     */
    void measure(VaeScorer scorer, double[] errors) {
        double[] distances = reference.rappDistances(scorer);
        for (int row = 0; row < rapp.length; row++) {
            rapp[row] = distances[row];
            lnRapp[row] = ln(distances[row]);
            lnError[row] = ln(errors[row]);
            lnCrossEntropy[row] = ln(scorer.crossEntropy(row));
        }
        double[] apart = reference.latentDistances(scorer);
        if (apart != null) {
            for (int row = 0; row < rapp.length; row++) {
                lnLatent[row] = ln(apart[row]);
            }
        }
    }

    private static double ln(double value) {
        return Math.log(Math.max(SMALLEST, value));
    }

    double rapp(int row) {
        return rapp[row];
    }

    /** The main score of a row. */
    double score(int row) {
        return logError.standardise(lnError[row]) + HALF * (z(logRapp, lnRapp[row]) + z(logLatent, lnLatent[row]));
    }

    private static double z(Window window, double value) {
        return window.isEmpty() ? 0 : window.standardise(value);
    }

    /** The conformal p-value of a row, over 0 to 1. */
    double pValue(int row) {
        return (scores.atLeast(score(row)) + 1.0) / (scores.size() + 1.0);
    }

    /**
     * Whether p-values are not yet to be relied on: until the reference is full, so that distances no longer change
     * their scale, and the window of scores after it, and p-values can reach {@code anomaly.alpha}.
     */
    boolean warming() {
        return !settled() || config.alpha() * (scores.size() + 1.0) < 1;
    }

    private boolean settled() {
        return reference.isFull() && scores.size() >= scores.capacity();
    }

    /** The highest of the standardised measures: what is strange in any one of them. */
    private double gateScore(int row) {
        return Math.max(
                Math.max(z(logRapp, lnRapp[row]), z(logLatent, lnLatent[row])),
                Math.max(logError.standardise(lnError[row]), logCrossEntropy.standardise(lnCrossEntropy[row])));
    }

    /**
     * Says which rows to train on: not those that are strange and over the running quantile of all recent gate scores.
     * Since the rejected count in the quantile too, a sustained change moves it and the gate opens again.
     *
     * @param importance 1 to train on, 0 to leave out; written
     * @return rows left out
     */
    int gate(float[] importance) {
        double threshold = config.gate() && gateScores.size() >= GATE_MINIMUM
                ? Math.max(GATE_DEVIATIONS, gateScores.quantile(config.gateQuantile()))
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
        boolean watching = settled();
        for (int row = 0; watching && row < rapp.length; row++) {
            alarms += drift.add(pValue(row)) ? 1 : 0;
        }
        for (int row = 0; row < rapp.length; row++) {
            if (!logError.isEmpty()) {
                scores.add(score(row));
                gateScores.add(gateScore(row));
            }
            logError.add(lnError[row]);
            logCrossEntropy.add(lnCrossEntropy[row]);
            logRapp.add(lnRapp[row]);
            if (reference.hasLatentDistances()) {
                logLatent.add(lnLatent[row]);
            }
        }
        if (reference.add(scorer, importance)) {
            logRapp.clear();
            scores.clear();
            gateScores.clear();
        }
        settle();
        return alarms;
    }

    /** Evidence that what is normal has changed, 0 to {@code anomaly.drift.run.length}. */
    double driftEvidence() {
        return drift.evidence();
    }

    private void settle() {
        logRapp.settle();
        logLatent.settle();
        logError.settle();
        logCrossEntropy.settle();
        scores.settle();
        gateScores.settle();
    }

    void visit(String name, StateVisitor visitor) {
        reference.visit(name, visitor);
        visitWindows(name, visitor);
        drift.visit(name + "/drift", visitor);
    }

    /** What scores are made of, without the vectors that the next covariance is estimated over. */
    void visitModel(String name, StateVisitor visitor) {
        reference.visitModel(name, visitor);
        visitWindows(name, visitor);
    }

    private void visitWindows(String name, StateVisitor visitor) {
        logRapp.visit(name + "/logRapp", visitor);
        logLatent.visit(name + "/logLatent", visitor);
        logError.visit(name + "/logError", visitor);
        logCrossEntropy.visit(name + "/logCrossEntropy", visitor);
        scores.visit(name + "/scores", visitor);
        gateScores.visit(name + "/gateScores", visitor);
    }

    /** Takes over what a restoring {@link #visitModel} has written. */
    void adopted() {
        reference.adopted();
        settle();
    }

    /** What a score is made of now, besides the networks. */
    ScoreScale scale() {
        return new ScoreScale(
                reference.mean(),
                reference.factor(),
                reference.neighbours(),
                reference.nearest(),
                SMALLEST,
                measure(logError, 1),
                measure(logRapp, HALF),
                measure(logLatent, HALF),
                scores.sorted(),
                config.alpha(),
                warming());
    }

    private static ScoreScale.Measure measure(Window window, double weight) {
        boolean counts = !window.isEmpty() || weight == 1;
        return new ScoreScale.Measure(counts ? weight : 0, window.median(), window.spread());
    }

    void restored() {
        reference.restored();
        settle();
    }

    @Override
    public void close() {
        reference.close();
    }
}
