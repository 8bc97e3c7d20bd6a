package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.ModelWriter;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import dev.eddy.snapshot.SnapshotStore.Reason;
import dev.eddy.snapshot.SnapshotStore.Rejection;
import dev.eddy.snapshot.SnapshotStore.Restored;
import dev.eddy.telemetry.PartitionMeters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a partition's snapshots are written, and which one it begins with. Used by one thread at a time. */
final class Snapshots implements ModelKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final int LINEAGE_ENTRIES = 32;

    private final StreamSettings settings;
    private final String topic;
    private final int partition;
    private final Learner learner;
    private final Models parents;
    private final PartitionMeters meters;
    private final LongSupplier clockMillis;
    private final SnapshotStore store;
    private final ModelWriter published;
    private final Fingerprint configuration;
    private final List<String> lineage = new ArrayList<>();
    private long writtenStep;

    Snapshots(
            StreamSettings settings,
            int partition,
            Learner learner,
            ByteStore bytes,
            Models parents,
            Output output,
            PartitionMeters meters,
            LongSupplier clockMillis) {
        this.settings = settings;
        this.topic = settings.topics().input();
        this.partition = partition;
        this.learner = learner;
        this.parents = parents;
        this.meters = meters;
        this.clockMillis = clockMillis;
        this.store = new SnapshotStore(bytes, settings.snapshotChunkBytes());
        this.published = new ModelWriter(output::model, settings.snapshotChunkBytes());
        this.configuration = Fingerprint.of(settings.learner());
    }

    @Override
    public Start restore(long bound, long origin) {
        List<Rejection> rejections = new ArrayList<>();
        Optional<Restored> restored =
                store.restore(topic, partition, bound, configuration, learner::visit, rejections::add);
        boolean corrupt = false;
        for (Rejection rejection : rejections) {
            if (rejection.reason() == Reason.CORRUPT) {
                corrupt = true;
                meters.snapshotCorrupt();
                LOG.warn(
                        "{}-{}: snapshot in slot {} is damaged: {}",
                        topic,
                        partition,
                        rejection.slot(),
                        rejection.detail());
            } else {
                LOG.info("{}-{}: slot {} not used: {}", topic, partition, rejection.slot(), rejection.detail());
            }
        }
        if (restored.isPresent()) {
            learner.restored();
            return restored(restored.get(), bound, origin, rejections.isEmpty());
        }
        boolean again = !corrupt && origin >= 0 && origin <= bound;
        long begin = again ? origin : bound;
        boolean setBack = rejections.size() == 2; // both slots are ahead only if the group's offsets were set back
        if (!rejections.isEmpty() && (!again || setBack)) {
            store.clear();
        }
        String began = (corrupt ? "began anew after damage" : "began") + " at offset " + begin;
        Optional<ModelVersion> parent = parents.of(partition);
        if (parent.isPresent()) {
            return adopted(parent.get(), begin, began);
        }
        meters.restore("fresh");
        note(began);
        return new Start(
                begin, begin, false, corrupt ? "no snapshot is usable, begins anew" : "begins without snapshot");
    }

    /** A warm start: a snapshot is due at once, for nothing in the log leads to this model. */
    private Start adopted(ModelVersion parent, long begin, String began) {
        parent.adopt(learner);
        SnapshotHeader header = parent.header();
        lineage.addAll(header.lineage());
        meters.restore("warm");
        String origin = "the model of " + header.topic() + "-" + header.partition() + ", step " + header.step()
                + ", SHA-256 " + header.sha256() + ", made "
                + Instant.ofEpochMilli(header.createdAtMillis()) + " by " + header.codeVersion();
        note(began + " with " + origin + "; taken over by " + settings.codeVersion());
        return new Start(begin, begin, true, "begins with " + origin);
    }

    private Start restored(Restored restored, long bound, long origin, boolean newest) {
        SnapshotHeader header = restored.header();
        lineage.addAll(header.lineage());
        writtenStep = header.step();
        meters.restore(newest ? "newest" : "older_slot");
        meters.restored(header.step(), restored.bytes(), header.createdAtMillis());
        if (parents != Models.NONE) {
            LOG.info("{}-{}: has a snapshot, and begins with no other model", topic, partition);
        }
        boolean changed = !restored.changed().isEmpty();
        if (changed) {
            LOG.info("{}-{}: configuration changed: {}", topic, partition, restored.changed());
            learner.resumeTraining();
            note("configuration changed at step " + header.step() + ": " + restored.changed());
        }
        return new Start(
                origin >= 0 ? origin : bound,
                header.nextOffset(),
                changed,
                newest ? "restored" : "restored the older slot");
    }

    @Override
    public void refresh() {}

    @Override
    public void note(String event) {
        lineage.add(event);
        if (lineage.size() > LINEAGE_ENTRIES) {
            lineage.remove(0);
        }
    }

    @Override
    public boolean isBehind(Fold fold) {
        return fold.step() > writtenStep;
    }

    @Override
    public void renew(Fold fold) {
        store.clear();
        write(fold, fold.scoredThrough());
    }

    @Override
    public void writeIfDue(Fold fold, long owed) {
        if (fold.step() - writtenStep >= settings.snapshotEverySteps()) {
            write(fold, owed);
        }
    }

    @Override
    public void writeIfTrained(Fold fold, long owed) {
        if (isBehind(fold)) {
            write(fold, owed);
        }
    }

    /**
     * Writes a snapshot, and publishes the model with it, unless the snapshot in the other slot is ahead of {@code owed}:
     * a crash while this one is written would leave none to begin with. In a transaction that cannot be; under
     * at-least-once it can, until the next commit.
     */
    @Override
    public void write(Fold fold, long owed) {
        if (store.fallback().orElse(-1) > owed) {
            return;
        }
        long begin = System.nanoTime();
        SnapshotStore.Written written = store.write(
                new SnapshotHeader(
                        topic,
                        partition,
                        0,
                        fold.step(),
                        fold.nextOffset(),
                        clockMillis.getAsLong(),
                        settings.codeVersion(),
                        learner.weightsSha256(),
                        learner.scale().threshold(),
                        configuration,
                        lineage),
                learner::visit);
        if (settings.publishesModels()) {
            published.write(written.header(), learner);
            meters.modelPublished();
        }
        writtenStep = fold.step();
        long nanos = System.nanoTime() - begin;
        meters.snapshot(fold.step(), written.bytes(), nanos, clockMillis.getAsLong());
        LOG.debug(
                "{}-{}: snapshot of step {}, {} bytes, {} ms",
                topic,
                partition,
                writtenStep,
                written.bytes(),
                nanos / 1_000_000);
    }
}
