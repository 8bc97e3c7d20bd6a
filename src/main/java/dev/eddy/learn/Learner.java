package dev.eddy.learn;

import dev.eddy.model.VaeScorer;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.StateVisitor;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import org.jspecify.annotations.Nullable;

/**
 * The fold over one partition's log: {@code model(k+1) = train(model(k), batch(k))}, and for each image of batch k
 * {@code score = f(model(k), image)}. Knows neither Kafka nor a clock (but to time itself); the state after any number
 * of images is a pure function of (configuration, partition, images). The same class runs in the processor, in replay,
 * in {@code backtest} and in tests. Not thread-safe: one thread at a time.
 *
 * <p>The promise is bit for bit on one type of processor and one BLAS thread; elsewhere floats may differ in the last
 * digits. For it to hold however records arrive, an image sits in its own row of a micro-batch of fixed shape, and
 * every pass is over all rows.
 */
public final class Learner implements AutoCloseable {

    /** Which model a generated sample comes from. */
    public enum SampleKind {
        VAE,
        GAN
    }

    private final LearnerConfig config;
    private final CounterRandom random;
    private final Networks networks;
    private final MicroBatch batch;
    private final VaeScorer scorer;
    private final Calibration calibration;
    private final Scoring scoring;
    private final @Nullable Reservoir reservoir;
    private final DiscardedUpdates discarded;
    private final Tally tally = new Tally();
    private final Training training;
    private final @Nullable Anchor anchor; // null for a model of its own
    private final RecentLatents recent;
    private final float[] importance; // (batchSize)
    private final long[] step = new long[1];

    /** model(0): initial weights from the seed and the partition, no image seen. */
    public Learner(LearnerConfig config, int partition) {
        this.config = config;
        this.random = new CounterRandom(config.seed(), partition);
        boolean alone = config.syncEverySteps() == 0;
        // Weights that meet begin equal.
        this.networks = new Networks(config, alone ? random : new CounterRandom(config.seed(), 0));
        this.anchor = alone ? null : new Anchor(config.seed(), partition, config.syncEverySteps(), networks.trained());
        int size = config.geometry().size();
        this.batch = new MicroBatch(config.batchSize(), size);
        this.scorer = new VaeScorer(networks.vae(), batch.images());
        this.calibration = new Calibration(config.anomaly(), config.batchSize(), scorer);
        this.scoring = new Scoring(config, batch, scorer, calibration);
        this.recent = new RecentLatents(scorer.latent());
        this.reservoir = config.replays() ? new Reservoir(config.vae().replayCapacity(), size) : null;
        this.discarded = new DiscardedUpdates(config.maxDiscardedUpdates());
        this.training = new Training(config, batch, networks, random, reservoir, discarded, tally);
        this.importance = new float[config.batchSize()];
    }

    public LearnerConfig config() {
        return config;
    }

    /** k: micro-batches trained on. */
    public long step() {
        return step[0];
    }

    /** Images in the current micro-batch, 0 to {@code config().batchSize()}. */
    public int rows() {
        return batch.rows();
    }

    /** Whether the micro-batch is complete, so that {@link #train} must be called before the next {@link #add}. */
    public boolean isFull() {
        return batch.isFull();
    }

    /** Whether so many updates in a row were not finite that training has ended; scoring goes on. */
    public boolean trainingStopped() {
        return discarded.limitReached();
    }

    /**
     * Puts one image into the next row of the micro-batch.
     *
     * @param image {@code config().geometry().size()} values, 0 to 255 unsigned; copied
     * @return the image's row in the micro-batch
     * @throws IllegalStateException if the micro-batch is full
     */
    public int add(byte[] image) {
        if (isFull()) {
            throw new IllegalStateException("the micro-batch is full: train first");
        }
        if (image.length != config.geometry().size()) {
            throw new IllegalArgumentException(
                    "image of " + image.length + " values where the learner has " + config.geometry());
        }
        return batch.add(image);
    }

    /**
     * The score of one row by model(k); the same whenever it is asked for, however full the micro-batch is. The pass
     * over the micro-batch is computed at the first call after an {@link #add} and kept.
     */
    public Score score(int row) {
        return scoring.score(row, step());
    }

    /** The reconstruction of one row by model(k), {@code geometry.size()} values in [0, 1]; a copy. */
    public float[] reconstruction(int row) {
        return scoring.reconstruction(row);
    }

    /** Cross-entropy of one row's reconstruction, nats: the reconstruction error with the image's own entropy in it. */
    public double crossEntropy(int row) {
        return scoring.crossEntropy(row);
    }

    /** Activations of the VAE encoder's last hidden layer for one row, at least 0 each; a copy. */
    public float[] features(int row) {
        return scoring.features(row);
    }

    /**
     * Negative evidence lower bound of every row by model(k), nats, from one latent drawn from each posterior. The
     * noise is a function of (seed, partition, index), so asking does not change the fold.
     *
     * @param index tells the draws apart, 0 to 2^55
     */
    public double[] negativeElbos(long index) {
        random.at(index, Purpose.EVALUATION.key);
        return scoring.negativeElbos(random);
    }

    /** Empties the micro-batch without training on it: its images were there to be scored. */
    public void discard() {
        clear();
    }

    /**
     * Trains on the full micro-batch: k becomes k + 1 and the micro-batch is empty. The scores of its rows must have
     * been read before.
     *
     * @throws IllegalStateException if the micro-batch is not full
     */
    public StepReport train() {
        if (!isFull()) {
            throw new IllegalStateException("the micro-batch has " + rows() + " of " + config.batchSize() + " images");
        }
        scoring.measure(config.batchSize() - 1);
        tally.start();
        if (step[0] == 0 && round() == 0) { // weights taken over are past their beginning
            networks.initialiseOutputs(batch.mean());
        }
        recent.add(scorer, config.batchSize());
        tally.rejected = calibration.gate(importance);
        long start = System.nanoTime();
        if (!trainingStopped()) {
            training.remember(step[0], importance);
        }
        if (config.vae().train() && !trainingStopped()) {
            training.vae(step[0], importance);
        }
        long afterVae = System.nanoTime();
        if (config.gan().train() && !trainingStopped()) {
            training.gan(step[0], importance);
        }
        long afterGan = System.nanoTime();
        tally.driftAlarms = calibration.update(scorer, importance);
        tally.driftEvidence = calibration.driftEvidence();
        long end = System.nanoTime();
        step[0]++;
        if (anchor != null && !trainingStopped()) {
            anchor.trained(config.batchSize() - tally.rejected);
        }
        StepReport report =
                tally.report(step[0], scoring.takeNanos(), afterVae - start, afterGan - afterVae, end - afterGan);
        clear();
        return report;
    }

    /** Begins to train again if that had stopped, since what made updates fail may be mended. A snapshot must follow. */
    public void resumeTraining() {
        discarded.forget();
    }

    /** The version of the global weights that the model was last brought together with, 0 for none. */
    public long round() {
        return anchor == null ? 0 : anchor.round();
    }

    /** Whether {@link #contribute} is due: that is a function of the state alone. */
    public boolean contributionDue() {
        return anchor != null && anchor.isDue();
    }

    /** What was learned since the last contribution, counted as contributed from now on. */
    public Contribution contribute() {
        if (anchor == null) {
            throw new IllegalStateException("a model of its own contributes to none");
        }
        return anchor.contribute(step[0]);
    }

    /**
     * Brings the weights together with those of the other partitions; what was learned since the last contribution
     * stays on top. Optimizer moments, moving averages and calibration are the partition's own; the averages follow the
     * weights with the next updates. The one change of the model that is no function of the log; images in the
     * micro-batch are measured anew.
     *
     * @return false if the model has these weights or newer ones already, or they are of another model
     */
    public boolean adopt(GlobalWeights global) {
        if (anchor == null) {
            return false;
        }
        boolean newcomer = anchor.isNewcomer();
        if (!anchor.adopt(global)) {
            return false;
        }
        if (newcomer) {
            networks.restartAverages();
        }
        networks.restored();
        scoring.forget();
        return true;
    }

    /**
     * Generated images of the model as it stands, each {@code geometry.size()} values in [0, 1]. The noise is a
     * function of (seed, partition, step, kind), so asking does not change the fold.
     */
    public float[][] samples(SampleKind kind, int count) {
        float[][] samples = new float[count][config.geometry().size()];
        if (kind == SampleKind.VAE) {
            random.at(step[0], Purpose.VAE_SAMPLES.key);
            scorer.sample(random, samples);
        } else {
            random.at(step[0], Purpose.GAN_SAMPLES.key);
            networks.gan().sample(random, samples);
        }
        return samples;
    }

    /**
     * How near the GAN's samples are to the images that came last; null if it is not trained or has seen too few since
     * the start of the process. For figures only: asking does not change the fold.
     */
    public @Nullable SampleQuality sampleQuality() {
        if (!config.gan().train() || !recent.isFull()) {
            return null;
        }
        scoring.forget();
        return recent.judge(scorer.encode(samples(SampleKind.GAN, RecentLatents.COUNT)));
    }

    /**
     * Walks over the whole state between two micro-batches: weights, moments, moving averages, calibration, step.
     * Images of a half-filled micro-batch are not part of it. After a restoring walk call {@link #restored}.
     */
    public void visit(StateVisitor visitor) {
        visitor.longs("step", step);
        discarded.visit("discardedInARow", visitor);
        networks.visit(visitor);
        calibration.visit("calibration", visitor);
        if (reservoir != null) {
            reservoir.visit("reservoir", visitor);
        }
        if (anchor != null) {
            anchor.visit("anchor", visitor);
        }
    }

    /** Takes over the state that a restoring {@link #visit} has written; empties the micro-batch. */
    public void restored() {
        networks.restored();
        calibration.restored();
        recent.clear();
        clear();
    }

    /**
     * Walks over the model alone, as it is handed on to others: weights, moving averages, calibration, step. A part of
     * what {@link #visit} walks over, without what only further training of this very learner needs: the optimizers'
     * moments, the reference vectors, the reservoir. After a restoring walk call {@link #adopted}.
     */
    public void visitModel(StateVisitor visitor) {
        visitor.longs("step", step);
        networks.visitModel(visitor);
        calibration.visitModel("calibration", visitor);
    }

    /** Takes over the model that a restoring {@link #visitModel} has written; empties the micro-batch. */
    public void adopted() {
        discarded.forget();
        networks.adopted();
        calibration.adopted();
        clear();
    }

    /** What scores are made of until the next {@link #train}, besides the weights. */
    public ScoreScale scale() {
        return calibration.scale();
    }

    private void clear() {
        batch.clear();
        scoring.forget();
    }

    /** SHA-256 of all weights of both models, lower-case hexadecimal. */
    public String weightsSha256() {
        return networks.sha256();
    }

    /** Frees the off-heap arrays. */
    @Override
    public void close() {
        calibration.close();
        scorer.close();
        batch.close();
        networks.close();
    }
}
