package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
    private final Distributions.Of distributions;
    private final ScoreBins bins = new ScoreBins();

    private final Counter received;
    private final Counter scored;
    private final Counter released;
    private final Counter anomalous;
    private final Counter warming;
    private final Counter replayed;
    private final Counter gap;
    private final Counter snapshots;
    private final Counter corrupt;
    private final Counter driftAlarms;
    private final Timer replayDuration;
    private final Set<String> states = ConcurrentHashMap.newKeySet();

    private volatile boolean open;
    private volatile String state = "";
    private volatile long lag = -1;
    private volatile long replayRemaining;
    private volatile double driftEvidence = Double.NaN;
    private volatile boolean trainingStopped;
    private volatile @Nullable Snapshot snapshot;

    record Snapshot(long step, long bytes, long wallClockMillis) {}

    PartitionMeters(String topic, int partition, MeterRegistry registry, Distributions distributions, LiveData live) {
        this.topic = topic;
        this.partition = partition;
        this.live = live;
        this.distributions = distributions.of(topic, partition);
        meters = new Meters(registry, Tags.of("topic", topic, "partition", Integer.toString(partition)));
        steps = new StepMeters(meters);
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
        replayed = meters.counter(
                "eddy.records.replayed", "Records read again to rebuild the model after a start; records, at least 0");
        gap = meters.counter(
                "eddy.records.gap",
                "Records lost to the model, gone from the source before they were read; records, at least 0");
        snapshots = meters.counter("eddy.snapshots", "Snapshots written; snapshots, at least 0");
        corrupt = meters.counter("eddy.snapshots.corrupt", "Snapshots found damaged at a start; snapshots, at least 0");
        driftAlarms = meters.counter("eddy.drift.alarms", "Alarms on drift of the stream; alarms, at least 0");
        replayDuration = meters.timer("eddy.replay.duration", "Time of one replay at a start; seconds, at least 0");
        // Served from zero on, so that the first one shows as an increase.
        List.of("fresh", "newest", "older_slot", "gap").forEach(this::restores);
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
                        fakeAccuracy),
                vaeUpdates,
                ganUpdates,
                rejected,
                discardedUpdates,
                scoreNanos,
                vaeNanos,
                ganNanos,
                calibrationNanos);
    }

    /** Records between the last one read and the end of the log, at least 0. */
    public void lag(long records) {
        boolean first = lag < 0;
        lag = records;
        if (first) {
            registerLag();
        }
    }

    /** Counts one snapshot: its step, its size, how long it took and when it was written (Unix time). */
    public void snapshot(long step, long bytes, long nanos, long wallClockMillis) {
        boolean first = snapshot == null;
        snapshot = new Snapshot(step, bytes, wallClockMillis);
        if (first) {
            registerSnapshot();
        }
        snapshots.increment();
        steps.snapshot(nanos);
    }

    /** Records that the replay under way still has to read; 0 when none is under way. */
    public void replay(long remainingRecords) {
        replayRemaining = remainingRecords;
    }

    /** Counts one finished replay. */
    public void replayed(long records, long nanos) {
        replayRemaining = 0;
        replayed.increment((double) records);
        replayDuration.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts one restore by its outcome, a word of a small fixed set: fresh, newest, older_slot, gap. */
    public void restore(String outcome) {
        restores(outcome).increment();
    }

    private Counter restores(String outcome) {
        return meters.counter(
                "eddy.restores",
                "Restores of the model at a start, by outcome; restores, at least 0",
                "outcome",
                outcome);
    }

    /** Counts records that were gone from the source before they were read. */
    public void gap(long records) {
        gap.increment((double) records);
    }

    /** Counts one snapshot found damaged. */
    public void snapshotCorrupt() {
        corrupt.increment();
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
            registerDrift();
        }
    }

    /** Counts one alarm on drift and marks it on the page's time axis, with one line that says what drifted. */
    public void driftAlarm(long step, String detail) {
        driftAlarms.increment();
        live.drift(topic, partition, step, detail);
    }

    /** What the partition is doing, a word of a small fixed set: REPLAYING, TRAINING, ... */
    public void state(String state) {
        this.state = state;
        if (states.add(state)) {
            registerState(state);
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
        meters.gauge(
                "eddy.replay.remaining",
                "records",
                "Records that the replay under way still has to read; records, at least 0",
                () -> replayRemaining);
    }

    /** The partition has left: removes the gauges and forgets their values; what was pending counts as released. */
    synchronized void close() {
        if (open) {
            open = false;
            released.increment(pending());
            meters.removeGauges();
            steps.forget();
            states.clear();
            state = "";
            lag = -1;
            replayRemaining = 0;
            driftEvidence = Double.NaN;
            trainingStopped = false;
            snapshot = null;
        }
    }

    private void registerLag() {
        meters.gauge(
                "eddy.lag",
                "records",
                "Records between the last one read and the log's end; records, at least 0",
                () -> lag);
    }

    private void registerSnapshot() {
        meters.gauge("eddy.snapshot.step", "", "Model step of the newest snapshot; steps, at least 0", () -> {
            Snapshot s = snapshot;
            return s == null ? Double.NaN : s.step;
        });
        meters.gauge("eddy.snapshot.size", "bytes", "Size of the newest snapshot; bytes, at least 0", () -> {
            Snapshot s = snapshot;
            return s == null ? Double.NaN : s.bytes;
        });
        meters.gauge(
                "eddy.snapshot.timestamp",
                "seconds",
                "When the newest snapshot was written; Unix time in seconds",
                () -> {
                    Snapshot s = snapshot;
                    return s == null ? Double.NaN : s.wallClockMillis / 1000.0;
                });
    }

    private void registerDrift() {
        meters.gauge(
                "eddy.drift.evidence",
                "nats",
                "Evidence that what is normal has changed, as a logarithm; nats, 0 to ln(anomaly.drift.run.length),"
                        + " where it alarms",
                () -> driftEvidence);
    }

    private void registerState(String value) {
        meters.gauge(
                "eddy.partition.state",
                "",
                "State of the partition, 1 for the present one; 0 or 1",
                () -> state.equals(value) ? 1 : 0,
                "state",
                value);
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

    long replayRemaining() {
        return replayRemaining;
    }

    boolean isTrainingStopped() {
        return trainingStopped;
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }
}
