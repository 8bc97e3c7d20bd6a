package dev.eddy.learn;

import dev.eddy.model.Gan;
import dev.eddy.model.GanLoss;
import dev.eddy.model.Vae;
import dev.eddy.model.VaeLoss;
import dev.eddy.model.VaeScorer;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Matrix;
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

    /** Where in {@link #discardedInARow} a model's count begins; bits. */
    private static final int VAE = 0;

    private static final int GAN = 32;

    /** Which model a generated sample comes from. */
    public enum SampleKind {
        VAE,
        GAN
    }

    private final LearnerConfig config;
    private final int size;
    private final int batchSize;
    private final CounterRandom random;
    private final Vae vae;
    private final Gan gan;
    private final Matrix images; // (batchSize, size), in [0, 1]
    private final byte[] pixels; // (batchSize, size)
    private final VaeScorer scorer;
    private final Calibration calibration;
    private final @Nullable Reservoir reservoir;
    private final @Nullable Anchor anchor; // null for a model of its own
    private final double[] entropies; // (batchSize)
    private final double[] errors; // (batchSize)
    private final float[] importance; // (batchSize)
    private final float[] ones; // (vae.batchSize)
    private final RecentLatents recent;
    private final Tally tally = new Tally();
    private final long[] step = new long[1];
    private final long[] discardedInARow = new long[1]; // updates of the VAE in the lower 32 bits, of the GAN above
    private int rows;
    private int measuredRows;
    private long scoreNanos;

    /** model(0): initial weights from the seed and the partition, no image seen. */
    public Learner(LearnerConfig config, int partition) {
        this.config = config;
        this.size = config.geometry().size();
        this.batchSize = config.batchSize();
        this.random = new CounterRandom(config.seed(), partition);
        boolean alone = config.syncEverySteps() == 0;
        CounterRandom initial = alone ? random : new CounterRandom(config.seed(), 0); // weights that meet begin equal
        initial.at(0, Purpose.VAE_WEIGHTS.key);
        this.vae = new Vae(config.vae(), size, initial);
        initial.at(0, Purpose.GAN_WEIGHTS.key);
        this.gan = new Gan(config.gan(), size, batchSize, initial);
        this.anchor = alone
                ? null
                : new Anchor(config.seed(), partition, config.syncEverySteps(), new FlatWeights(visitor -> {
                    vae.visitTrained("vae", visitor);
                    gan.visitTrained("gan", visitor);
                }));
        this.images = new Matrix(batchSize, size);
        this.pixels = new byte[batchSize * size];
        this.scorer = new VaeScorer(vae, images);
        this.calibration = new Calibration(config.anomaly(), batchSize, scorer);
        this.recent = new RecentLatents(scorer.latent());
        this.reservoir =
                config.vae().replayUpdates() > 1 ? new Reservoir(config.vae().replayCapacity(), size) : null;
        this.entropies = new double[batchSize];
        this.errors = new double[batchSize];
        this.importance = new float[batchSize];
        this.ones = new float[config.vae().batchSize()];
        java.util.Arrays.fill(ones, 1);
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
        return rows;
    }

    /** Whether the micro-batch is complete, so that {@link #train} must be called before the next {@link #add}. */
    public boolean isFull() {
        return rows == batchSize;
    }

    /** Whether so many updates in a row were not finite that training has ended; scoring goes on. */
    public boolean trainingStopped() {
        return Math.max(inARow(VAE), inARow(GAN)) >= config.maxDiscardedUpdates();
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
        if (image.length != size) {
            throw new IllegalArgumentException(
                    "image of " + image.length + " values where the learner has " + config.geometry());
        }
        System.arraycopy(image, 0, pixels, rows * size, size);
        Pixels.toFloats(image, 0, images.values(), rows * size, size);
        entropies[rows] = Pixels.entropy(image);
        return rows++;
    }

    /**
     * The score of one row by model(k); the same whenever it is asked for, however full the micro-batch is. The pass
     * over the micro-batch is computed at the first call after an {@link #add} and kept.
     */
    public Score score(int row) {
        measure(row);
        double pValue = calibration.pValue(row);
        boolean warming = calibration.warming();
        return new Score(
                calibration.score(row),
                errors[row],
                scorer.kl(row),
                calibration.rapp(row),
                pValue,
                !warming && pValue <= config.anomaly().alpha(),
                warming,
                step());
    }

    /** The reconstruction of one row by model(k), {@code geometry.size()} values in [0, 1]; a copy. */
    public float[] reconstruction(int row) {
        measure(row);
        float[] copy = new float[size];
        System.arraycopy(scorer.reconstructions(), row * size, copy, 0, size);
        return copy;
    }

    /** Cross-entropy of one row's reconstruction, nats: the reconstruction error with the image's own entropy in it. */
    public double crossEntropy(int row) {
        measure(row);
        return scorer.crossEntropy(row);
    }

    /** Activations of the VAE encoder's last hidden layer for one row, at least 0 each; a copy. */
    public float[] features(int row) {
        measure(row);
        return scorer.features(row);
    }

    /**
     * Negative evidence lower bound of every row by model(k), nats, from one latent drawn from each posterior. The
     * noise is a function of (seed, partition, index), so asking does not change the fold.
     *
     * @param index tells the draws apart, 0 to 2^55
     */
    public double[] negativeElbos(long index) {
        measure(rows - 1);
        double[] nats = new double[batchSize];
        random.at(index, Purpose.EVALUATION.key);
        scorer.sampledCrossEntropy(random, nats);
        for (int row = 0; row < rows; row++) {
            nats[row] += scorer.kl(row);
        }
        return java.util.Arrays.copyOf(nats, rows);
    }

    /** Empties the micro-batch without training on it: its images were there to be scored. */
    public void discard() {
        clear();
    }

    private void measure(int row) {
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("row " + row + " of a micro-batch with " + rows);
        }
        if (row < measuredRows) {
            return;
        }
        long start = System.nanoTime();
        images.toNative();
        scorer.run();
        for (int i = 0; i < rows; i++) {
            errors[i] = Math.max(0, scorer.crossEntropy(i) - entropies[i]);
        }
        calibration.measure(scorer, errors);
        measuredRows = rows;
        scoreNanos += System.nanoTime() - start;
    }

    /**
     * Trains on the full micro-batch: k becomes k + 1 and the micro-batch is empty. The scores of its rows must have
     * been read before.
     *
     * @throws IllegalStateException if the micro-batch is not full
     */
    public StepReport train() {
        if (!isFull()) {
            throw new IllegalStateException("the micro-batch has " + rows + " of " + batchSize + " images");
        }
        measure(batchSize - 1);
        tally.start();
        if (step[0] == 0) {
            initialiseOutputs();
        }
        recent.add(scorer, batchSize);
        tally.rejected = calibration.gate(importance);
        long start = System.nanoTime();
        if (config.vae().train() && !trainingStopped()) {
            trainVae();
        }
        long afterVae = System.nanoTime();
        if (config.gan().train() && !trainingStopped()) {
            trainGan();
        }
        long afterGan = System.nanoTime();
        tally.driftAlarms = calibration.update(scorer, importance);
        tally.driftEvidence = calibration.driftEvidence();
        long end = System.nanoTime();
        step[0]++;
        if (anchor != null && !trainingStopped()) {
            anchor.trained(batchSize - tally.rejected);
        }
        StepReport report = tally.report(step[0], scoreNanos, afterVae - start, afterGan - afterVae, end - afterGan);
        scoreNanos = 0;
        clear();
        return report;
    }

    /** The output biases of both models become the logit of the first micro-batch's mean. */
    private void initialiseOutputs() {
        float[] mean = new float[size];
        for (int row = 0; row < batchSize; row++) {
            for (int i = 0; i < size; i++) {
                mean[i] += images.values()[row * size + i] / batchSize;
            }
        }
        if (config.vae().dataInitialisation()) {
            vae.initialiseOutput(mean);
        }
        if (config.gan().dataInitialisation()) {
            gan.initialiseOutput(mean);
        }
    }

    private void trainVae() {
        int part = config.vae().batchSize();
        random.at(step[0], Purpose.VAE_NOISE.key);
        for (int start = 0; start < batchSize; start += part) {
            System.arraycopy(images.values(), start * size, vae.input(), 0, part * size);
            count(vae.train(importance, start, random));
        }
        if (reservoir != null) {
            replay(reservoir);
        }
    }

    /** Further updates on a reservoir of what was trained on before, for each update on fresh images. */
    private void replay(Reservoir past) {
        random.at(step[0], Purpose.RESERVOIR.key);
        for (int row = 0; row < batchSize; row++) {
            if (importance[row] > 0) {
                past.put(pixels, row * size, random);
            }
        }
        if (past.isEmpty()) {
            return;
        }
        random.at(step[0], Purpose.REPLAY.key);
        int part = config.vae().batchSize();
        int updates = batchSize / part * (config.vae().replayUpdates() - 1);
        for (int update = 0; update < updates; update++) {
            past.draw(vae.input(), part, random);
            count(vae.train(ones, 0, random));
        }
    }

    private void trainGan() {
        random.at(step[0], Purpose.GAN_NOISE.key);
        GanLoss loss = gan.train(images.values(), importance, random);
        countInARow(GAN, loss.finite());
        tally.count(loss);
    }

    private void count(VaeLoss loss) {
        countInARow(VAE, loss.finite());
        tally.count(loss);
    }

    /** Begins to train again if that had stopped, since what made updates fail may be mended. A snapshot must follow. */
    public void resumeTraining() {
        discardedInARow[0] = 0;
    }

    /** Each model for itself: one that learns must not hide that the other does not. */
    private void countInARow(int model, boolean finite) {
        long others = discardedInARow[0] & ~(0xffff_ffffL << model);
        discardedInARow[0] = others | (finite ? 0 : (inARow(model) + 1) << model);
    }

    private long inARow(int model) {
        return discardedInARow[0] >>> model & 0x7fff_ffffL;
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
            vae.restartAverage();
            gan.restartAverage();
        }
        vae.restored();
        gan.restored();
        measuredRows = 0;
        return true;
    }

    /**
     * Generated images of the model as it stands, each {@code geometry.size()} values in [0, 1]. The noise is a
     * function of (seed, partition, step, kind), so asking does not change the fold.
     */
    public float[][] samples(SampleKind kind, int count) {
        float[][] samples = new float[count][size];
        if (kind == SampleKind.VAE) {
            random.at(step[0], Purpose.VAE_SAMPLES.key);
            scorer.sample(random, samples);
        } else {
            random.at(step[0], Purpose.GAN_SAMPLES.key);
            gan.sample(random, samples);
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
        measuredRows = 0;
        return recent.judge(scorer.encode(samples(SampleKind.GAN, RecentLatents.COUNT)));
    }

    /**
     * Walks over the whole state between two micro-batches: weights, moments, moving averages, calibration, step.
     * Images of a half-filled micro-batch are not part of it. After a restoring walk call {@link #restored}.
     */
    public void visit(StateVisitor visitor) {
        visitor.longs("step", step);
        visitor.longs("discardedInARow", discardedInARow);
        vae.visit("vae", visitor);
        gan.visit("gan", visitor);
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
        vae.restored();
        gan.restored();
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
        vae.visitModel("vae", visitor);
        gan.visitModel("gan", visitor);
        calibration.visitModel("calibration", visitor);
    }

    /** Takes over the model that a restoring {@link #visitModel} has written; empties the micro-batch. */
    public void adopted() {
        discardedInARow[0] = 0;
        vae.adopted();
        gan.adopted();
        calibration.adopted();
        clear();
    }

    /** What scores are made of until the next {@link #train}, besides the weights. */
    public ScoreScale scale() {
        return calibration.scale();
    }

    private void clear() {
        rows = 0;
        measuredRows = 0;
    }

    /** SHA-256 of all weights of both models, lower-case hexadecimal. */
    public String weightsSha256() {
        WeightsDigest digest = new WeightsDigest();
        vae.visitWeights("vae", digest);
        gan.visitWeights("gan", digest);
        return digest.hex();
    }

    /** Frees the off-heap arrays. */
    @Override
    public void close() {
        calibration.close();
        scorer.close();
        images.close();
        gan.close();
        vae.close();
    }
}
