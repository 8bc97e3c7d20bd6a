package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one partition of one topic reports. These equations hold between its counters, whenever no call is under way:
 *
 * <pre>
 * received = scored + pending + released
 * scored   = warming + calibrated,  anomalous &lt;= calibrated,  rejected &lt;= received + replayed
 * scored   = count of the score, reconstruction error and KL histograms;  calibrated = count of the p-value histogram
 * </pre>
 *
 * and per topic {@code consumed = received + deadLettered}, where the consumer's own meters count the consumed and
 * {@link Telemetry#deadLettered} the dead letters. Counters tell what this process did: records that are read again
 * after an aborted transaction or a takeover are counted again.
 *
 * <p>Called by one thread at a time (the partition's stream thread), read by any. No call blocks; {@link #received} and
 * {@link #scored} allocate nothing.
 */
public final class PartitionMeters {

    private final String topic;
    private final int partition;
    private final LiveData live;
    private final Meters meters;
    private final StepMeters steps;
    private final RecoveryMeters recovery;
    private volatile @Nullable SyncMeters sync;
    private final Distributions.Of distributions;
    private final ScoreBins bins = new ScoreBins();

    private final Counter received;
    private final Counter scored;
    private final Counter released;
    private final Counter anomalous;
    private final Counter warming;
    private final Counter driftAlarms;
    private final Set<String> states = ConcurrentHashMap.newKeySet();

    private volatile boolean open;
    private volatile String state = "";
    private volatile long lag = -1;
    private volatile double driftEvidence = Double.NaN;
    private volatile double frechetDistance = Double.NaN;
    private volatile double coverage = Double.NaN;
    private volatile boolean trainingStopped;

    PartitionMeters(String topic, int partition, MeterRegistry registry, Distributions distributions, LiveData live) {
        this.topic = topic;
        this.partition = partition;
        this.live = live;
        this.distributions = distributions.of(topic, partition);
        meters = new Meters(registry, Tags.of("topic", topic, "partition", Integer.toString(partition)));
        steps = new StepMeters(meters);
        recovery = new RecoveryMeters(meters);
        received = meters.counter(
                "eddy.records.received",
                "Valid records taken in for scoring; records, equals scored + pending + released");
        scored = meters.counter("eddy.records.scored", "Records with a score; records, at least 0");
        released = meters.counter(
                "eddy.records.released",
                "Records not yet scored when the partition left, scored by its next owner; records, at least 0");
        anomalous = meters.counter(
                "eddy.records.anomalous", "Records flagged as anomalies; records, at most those scored after warm-up");
        warming = meters.counter(
                "eddy.records.warming",
                "Records scored while the calibration was too short to flag any; records, at most those scored");
        driftAlarms = meters.counter("eddy.drift.alarms", "Alarms on drift of the stream; alarms, at least 0");
        // Served from zero on, so that the first one shows as an increase.
        List.of("vae", "gan").forEach(this::samples);
        open();
    }

    /** Takes in one valid record whose score this process owes. */
    public void received() {
        received.increment();
    }

    /**
     * Counts one score.
     *
     * @param score main score, any value
     * @param reconstructionError nats per image, at least 0
     * @param kl nats per image, at least 0
     * @param pValue over 0 to 1; ignored while warming
     * @param anomaly whether the record is flagged
     * @param warming whether the calibration is too short to flag any
     */
    public void scored(
            double score, double reconstructionError, double kl, double pValue, boolean anomaly, boolean warming) {
        scored.increment();
        distributions.score().observe(score);
        distributions.reconstruction().observe(reconstructionError);
        distributions.kl().observe(kl);
        bins.add(score);
        if (warming) {
            this.warming.increment();
        } else {
            distributions.pValue().observe(pValue);
        }
        if (anomaly) {
            anomalous.increment();
        }
    }

    /**
     * Counts one micro-batch. Losses are in nats per image, accuracies 0 to 1, norms Euclidean, times in nanoseconds.
     *
     * @param step micro-batches trained on, this one included
     * @param rejected records that the gate kept from training
     * @param discardedUpdates updates discarded for a loss or gradient that was not finite
     */
    public void step(
            long step,
            double vaeLoss,
            double vaeReconstruction,
            double vaeKl,
            double vaeGradientNorm,
            double generatorLoss,
            double discriminatorLoss,
            double generatorGradientNorm,
            double discriminatorGradientNorm,
            double realAccuracy,
            double fakeAccuracy,
            double pairAccuracy,
            int vaeUpdates,
            int ganUpdates,
            int rejected,
            int discardedUpdates,
            long scoreNanos,
            long vaeNanos,
            long ganNanos,
            long calibrationNanos) {
        steps.record(
                new StepMeters.Step(
                        step,
                        vaeLoss,
                        vaeReconstruction,
                        vaeKl,
                        vaeGradientNorm,
                        generatorLoss,
                        discriminatorLoss,
                        generatorGradientNorm,
                        discriminatorGradientNorm,
                        realAccuracy,
                        fakeAccuracy,
                        pairAccuracy),
                vaeUpdates,
                ganUpdates,
                rejected,
                discardedUpdates,
                scoreNanos,
                vaeNanos,
                ganNanos,
                calibrationNanos);
    }

    /** Records between the last one read and the end of the log, at least 0; on any thread, ignored once it has left. */
    public synchronized void lag(long records) {
        if (!open) {
            return;
        }
        if (lag < 0) {
            meters.gauge(
                    "eddy.lag",
                    "records",
                    "Records between the last one read and the log's end; records, at least 0",
                    () -> lag);
        }
        lag = records;
    }

    /** Counts one snapshot: its step, its size, how long it took and when it was written (Unix time). */
    public void snapshot(long step, long bytes, long nanos, long wallClockMillis) {
        recovery.snapshot(new RecoveryMeters.Snapshot(step, bytes, wallClockMillis));
        steps.snapshot(nanos);
    }

    /** Counts one version of the model published for others. */
    public void modelPublished() {
        recovery.modelPublished();
    }

    /** Counts one published model taken over to score with: its step and when it was made (Unix time). */
    public void modelAdopted(long step, long createdAtMillis) {
        recovery.modelAdopted(step, createdAtMillis);
    }

    /** Records that the replay under way still has to read; 0 when none is under way. */
    public void replay(long remainingRecords) {
        recovery.replay(remainingRecords);
    }

    /** Counts one finished replay. */
    public void replayed(long records, long nanos) {
        recovery.replayed(records, nanos);
    }

    /** Counts one restore by its outcome, a word of a small fixed set: fresh, warm, newest, older_slot, gap. */
    public void restore(String outcome) {
        recovery.restore(outcome);
    }

    /** Counts records that were gone from the source before they were read. */
    public void gap(long records) {
        recovery.gap(records);
    }

    /** Counts one snapshot found damaged. */
    public void snapshotCorrupt() {
        recovery.snapshotCorrupt();
    }

    /** Whether training has stopped for good while scoring goes on. */
    public void trainingStopped(boolean stopped) {
        trainingStopped = stopped;
    }

    /** Counts published samples of a kind: vae or gan. */
    public void samplesPublished(String kind, int n) {
        samples(kind).increment(n);
    }

    private Counter samples(String kind) {
        return meters.counter(
                "eddy.samples.published", "Generated samples published, by kind; samples, at least 0", "kind", kind);
    }

    /** The natural logarithm of the evidence that what is normal has changed; 0 is none. */
    public void driftEvidence(double nats) {
        boolean first = Double.isNaN(driftEvidence);
        driftEvidence = nats;
        if (first) {
            meters.gauge(
                    "eddy.drift.evidence",
                    "nats",
                    "Evidence that what is normal has changed, as a logarithm; nats, 0 to ln(anomaly.drift.run.length),"
                            + " where it alarms",
                    () -> driftEvidence);
        }
    }

    /**
     * How near the GAN's samples are to recent images, in the features of the VAE's encoder.
     *
     * @param frechetDistance at least 0, no unit
     * @param coverage share of images that have a sample near them, 0 to 1
     */
    public void sampleQuality(double frechetDistance, double coverage) {
        boolean first = Double.isNaN(this.frechetDistance);
        this.frechetDistance = frechetDistance;
        this.coverage = coverage;
        if (first) {
            meters.gauge(
                    "eddy.gan.frechet.distance",
                    "",
                    "Frechet distance of the GAN's samples to recent images in the VAE encoder's features; no unit, at"
                            + " least 0, comparable within a partition",
                    () -> this.frechetDistance);
            meters.gauge(
                    "eddy.gan.coverage",
                    "ratio",
                    "Share of recent images with a sample of the GAN near them in the VAE encoder's features; 0 to 1,"
                            + " 0.97 for images themselves",
                    () -> this.coverage);
        }
    }

    /** Counts one alarm on drift and marks it on the page's time axis, with one line that says what drifted. */
    public void driftAlarm(long step, String detail) {
        driftAlarms.increment();
        live.drift(topic, partition, step, detail);
    }

    /** The meters of its part in a model that is learned together; there from the first call on. */
    public synchronized SyncMeters sync() {
        SyncMeters present = sync;
        if (present == null) {
            present = new SyncMeters(meters);
            sync = present;
        }
        return present;
    }

    /** What the partition is doing, a word of a small fixed set: REPLAYING, TRAINING, ... */
    public void state(String state) {
        this.state = state;
        if (states.add(state)) {
            meters.gauge(
                    "eddy.partition.state",
                    "",
                    "State of the partition, 1 for the present one; 0 or 1",
                    () -> this.state.equals(state) ? 1 : 0,
                    "state",
                    state);
        }
    }

    /** The partition has come: registers the gauges that always have a value; the others follow with their first one. */
    synchronized void open() {
        if (open) {
            return;
        }
        open = true;
        meters.gauge(
                "eddy.records.pending", "", "Records taken in and not yet scored; records, at least 0", this::pending);
        meters.gauge(
                "eddy.training.stopped",
                "",
                "Whether training has stopped while scoring goes on; 0 or 1",
                () -> trainingStopped ? 1 : 0);
        recovery.open();
    }

    /** The partition has left: removes the gauges and forgets their values; what was pending counts as released. */
    synchronized void close() {
        if (open) {
            open = false;
            released.increment(pending());
            meters.removeGauges();
            steps.forget();
            recovery.forget();
            if (sync != null) {
                sync.forget();
            }
            states.clear();
            state = "";
            lag = -1;
            driftEvidence = Double.NaN;
            frechetDistance = Double.NaN;
            coverage = Double.NaN;
            trainingStopped = false;
        }
    }

    String topic() {
        return topic;
    }

    int partition() {
        return partition;
    }

    boolean isOpen() {
        return open;
    }

    double receivedCount() {
        return received.count();
    }

    double scoredCount() {
        return scored.count();
    }

    double anomalousCount() {
        return anomalous.count();
    }

    double warmingCount() {
        return warming.count();
    }

    /** Reads what was scored first, so that a record scored meanwhile never makes it negative. */
    double pending() {
        double done = scored.count() + released.count();
        return received.count() - done;
    }

    RecoveryMeters recovery() {
        return recovery;
    }

    StepMeters steps() {
        return steps;
    }

    ScoreBins bins() {
        return bins;
    }

    String state() {
        return state;
    }

    /** Not a number while unknown. */
    double lastDriftEvidence() {
        return driftEvidence;
    }

    /** Records, or -1 while unknown. */
    long lag() {
        return lag;
    }

    boolean isTrainingStopped() {
        return trainingStopped;
    }
}
