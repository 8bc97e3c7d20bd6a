package dev.eddy.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
    private final StateMeters state;
    private final RecordMeters records;
    private final StepMeters steps;
    private final DriftMeters drift;
    private final SampleMeters samples;
    private final RecoveryMeters recovery;
    private volatile @Nullable SyncMeters sync;
    private volatile boolean open;

    PartitionMeters(String topic, int partition, MeterRegistry registry, Distributions distributions, LiveData live) {
        this.topic = topic;
        this.partition = partition;
        this.live = live;
        meters = new Meters(registry, Tags.of("topic", topic, "partition", Integer.toString(partition)));
        state = new StateMeters(meters);
        records = new RecordMeters(meters, distributions.of(topic, partition));
        steps = new StepMeters(meters);
        drift = new DriftMeters(meters);
        samples = new SampleMeters(meters);
        recovery = new RecoveryMeters(meters);
        open();
    }

    /** Takes in one valid record whose score this process owes. */
    public void received() {
        records.received();
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
        records.scored(score, reconstructionError, kl, pValue, anomaly, warming);
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
        if (open) {
            state.lag(records);
        }
    }

    /** Counts one snapshot: its step, its size, how long it took and when it was written (Unix time). */
    public void snapshot(long step, long bytes, long nanos, long wallClockMillis) {
        recovery.snapshot(new RecoveryMeters.Snapshot(step, bytes, wallClockMillis));
        steps.snapshot(nanos);
    }

    /** Tells which snapshot the model was restored from: its step, its size and when it was written (Unix time). */
    public void restored(long step, long bytes, long wallClockMillis) {
        recovery.restored(new RecoveryMeters.Snapshot(step, bytes, wallClockMillis));
        steps.modelStep(step);
    }

    /** Counts one version of the model published for others. */
    public void modelPublished() {
        recovery.modelPublished();
    }

    /** Counts one published model taken over to score with: its step and when it was made (Unix time). */
    public void modelAdopted(long step, long createdAtMillis) {
        recovery.modelAdopted(step, createdAtMillis);
    }

    /**
     * A replay goes on.
     *
     * @param records read again since the last call, at least 0
     * @param remaining offsets still to read, 0 when none is under way
     */
    public void replay(long records, long remaining) {
        recovery.replay(records, remaining);
    }

    /** Counts one finished replay. */
    public void replayed(long nanos) {
        recovery.replayed(nanos);
    }

    /** Counts one restore by its outcome, a word of a small fixed set: fresh, warm, newest, older_slot. */
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
        state.trainingStopped(stopped);
    }

    /** Counts published samples of a kind: vae or gan. */
    public void samplesPublished(String kind, int n) {
        samples.published(kind, n);
    }

    /** The natural logarithm of the evidence that what is normal has changed; 0 is none. */
    public void driftEvidence(double nats) {
        drift.evidence(nats);
    }

    /**
     * How near the GAN's samples are to recent images, in the features of the VAE's encoder.
     *
     * @param frechetDistance at least 0, no unit
     * @param coverage share of images that have a sample near them, 0 to 1
     */
    public void sampleQuality(double frechetDistance, double coverage) {
        samples.quality(frechetDistance, coverage);
    }

    /** Counts one alarm on drift and marks it on the page's time axis, with one line that says what drifted. */
    public void driftAlarm(long step, String detail) {
        drift.alarm();
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
        this.state.state(state);
    }

    /** The partition has come: registers the gauges that always have a value; the others follow with their first one. */
    synchronized void open() {
        if (open) {
            return;
        }
        open = true;
        records.open();
        state.open();
        recovery.open();
    }

    /** The partition has left: removes the gauges and forgets their values; what was pending counts as released. */
    synchronized void close() {
        if (open) {
            open = false;
            records.release();
            meters.removeGauges();
            steps.forget();
            drift.forget();
            samples.forget();
            recovery.forget();
            if (sync != null) {
                sync.forget();
            }
            state.forget();
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

    RecordMeters records() {
        return records;
    }

    RecoveryMeters recovery() {
        return recovery;
    }

    StepMeters steps() {
        return steps;
    }

    DriftMeters drift() {
        return drift;
    }

    StateMeters state() {
        return state;
    }
}
