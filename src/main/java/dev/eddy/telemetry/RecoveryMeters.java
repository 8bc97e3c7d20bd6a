package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of what brings one partition's model back: snapshots, restores, replay. Those of the newest snapshot are
 * there from the first one on, restored or written. Written by one thread, read by any.
 */
final class RecoveryMeters {

    private record Adopted(long step, long createdAtMillis) {}

    record Snapshot(long step, long bytes, long wallClockMillis) {}

    private final Meters meters;
    private final Counter snapshots;
    private final Counter published;
    private final Counter adopted;
    private final Counter corrupt;
    private final Counter replayed;
    private final Counter gap;
    private final Timer replayDuration;

    private volatile long replayRemaining;
    private volatile @Nullable Snapshot snapshot;
    private volatile @Nullable Adopted model;

    RecoveryMeters(Meters meters) {
        this.meters = meters;
        snapshots = meters.counter("eddy.snapshots", "Snapshots written; snapshots, at least 0");
        published = meters.counter(
                "eddy.models.published", "Versions of the model published for others; versions, at least 0");
        adopted = meters.counter(
                "eddy.models.adopted", "Published models taken over to score with; versions, at least 0");
        corrupt = meters.counter("eddy.snapshots.corrupt", "Snapshots found damaged at a start; snapshots, at least 0");
        replayed = meters.counter(
                "eddy.records.replayed", "Records read again to rebuild the model after a start; records, at least 0");
        gap = meters.counter(
                "eddy.records.gap",
                "Records lost to the model, gone from the source before they were read; records, at least 0");
        replayDuration = meters.timer("eddy.replay.duration", "Time of one replay at a start; seconds, at least 0");
        // Served from zero on, so that the first one shows as an increase.
        List.of("fresh", "warm", "newest", "older_slot").forEach(this::restores);
    }

    private Counter restores(String outcome) {
        return meters.counter(
                "eddy.restores",
                "Restores of the model at a start, by outcome; restores, at least 0",
                "outcome",
                outcome);
    }

    void open() {
        meters.gauge(
                "eddy.replay.remaining",
                "records",
                "Records that the replay under way still has to read; records, at least 0",
                () -> replayRemaining);
    }

    /** The gauges are gone; those of the snapshot come again with the next one, restored or written. */
    void forget() {
        replayRemaining = 0;
        snapshot = null;
        model = null;
    }

    void modelAdopted(long step, long createdAtMillis) {
        boolean first = model == null;
        model = new Adopted(step, createdAtMillis);
        if (first) {
            meters.gauge(
                    "eddy.scorer.model.step",
                    "",
                    "Step of the model that scores; steps, at least 0",
                    () -> of(Adopted::step));
            meters.gauge(
                    "eddy.scorer.model.timestamp",
                    "seconds",
                    "When the model that scores was published; Unix time in seconds",
                    () -> of(a -> a.createdAtMillis / 1000.0));
        }
        adopted.increment();
    }

    private double of(ToDoubleFunction<Adopted> value) {
        Adopted newest = model;
        return newest == null ? Double.NaN : value.applyAsDouble(newest);
    }

    void snapshot(Snapshot written) {
        restored(written);
        snapshots.increment();
    }

    void restored(Snapshot newest) {
        boolean first = snapshot == null;
        snapshot = newest;
        if (first) {
            gauge("eddy.snapshot.step", "", "Model step of the newest snapshot; steps, at least 0", Snapshot::step);
            gauge("eddy.snapshot.size", "bytes", "Size of the newest snapshot; bytes, at least 0", Snapshot::bytes);
            gauge(
                    "eddy.snapshot.timestamp",
                    "seconds",
                    "When the newest snapshot was written; Unix time in seconds",
                    s -> s.wallClockMillis / 1000.0);
        }
    }

    private void gauge(String name, String unit, String description, ToDoubleFunction<Snapshot> value) {
        meters.gauge(name, unit, description, () -> {
            Snapshot newest = snapshot;
            return newest == null ? Double.NaN : value.applyAsDouble(newest);
        });
    }

    void modelPublished() {
        published.increment();
    }

    void replay(long records, long remaining) {
        replayed.increment((double) records);
        replayRemaining = remaining;
    }

    void replayed(long nanos) {
        replayRemaining = 0;
        replayDuration.record(nanos, TimeUnit.NANOSECONDS);
    }

    void restore(String outcome) {
        restores(outcome).increment();
    }

    void gap(long records) {
        gap.increment((double) records);
    }

    void snapshotCorrupt() {
        corrupt.increment();
    }

    long replayRemaining() {
        return replayRemaining;
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }
}
