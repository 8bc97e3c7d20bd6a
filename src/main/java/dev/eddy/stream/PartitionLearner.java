package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.telemetry.PartitionMeters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The learner of one partition between a restore and a close: restores the newest usable snapshot, replays the source
 * from there to the group's place in it, then learns from what comes. Knows nothing of Kafka Streams, so that the
 * simulation runs it as it is.
 *
 * <p>The source is the write-ahead log. While there is something to replay, a record that comes is not kept: it only
 * moves the end of the replay, and is read from the source in its turn. What makes that safe is {@link Progress}: before
 * {@link #process} returns, the store says that the record's score is owed, so that a commit at any moment leaves
 * everything that a successor needs.
 *
 * <p>Called by one thread at a time; {@link #requestSnapshot} and the volatile getters by any.
 */
final class PartitionLearner implements AutoCloseable {

    /** What a partition does; its name is the state in the metrics. */
    enum Phase {
        /** Nothing is restored yet. */
        STARTING,
        /** The model is behind the group's consumer. */
        REPLAYING,
        /** Every record is scored, and trained on where it trains, as it comes. */
        TRAINING
    }

    private final StreamSettings settings;
    private final int partition;
    private final Learner learner;
    private final SourceLog source;
    private final PartitionMeters meters;
    private final LongSupplier clockMillis;
    private final Fold fold;
    private final ModelKeeper snapshots;
    private final ProgressKeeper progress;
    private final Synchronisation synchronisation;
    private final CatchUp catchUp;
    private final Restoration restoration;
    private final AtomicReference<@Nullable CompletableFuture<Void>> snapshotRequest = new AtomicReference<>();

    private volatile Phase phase = Phase.STARTING;
    private long owedSinceMillis = -1;
    private long lastImageMillis;
    private boolean first = true; // no record was trained on as it came
    private volatile boolean settled;
    private volatile boolean closing;
    private volatile boolean trainingStopped;
    private volatile long position = -1;

    PartitionLearner(
            StreamSettings settings,
            int partition,
            Learner learner,
            ByteStore store,
            SourceLog source,
            Output output,
            Models models,
            PartitionMeters meters,
            LongSupplier clockMillis) {
        String name = settings.topics().input() + "-" + partition;
        this.settings = settings;
        this.partition = partition;
        this.learner = learner;
        this.source = source;
        this.meters = meters;
        this.clockMillis = clockMillis;
        this.snapshots = settings.trains()
                ? new Snapshots(settings, partition, learner, store, models, output, meters, clockMillis)
                : new AdoptedModels(settings, partition, learner, models, output, meters);
        this.fold = new Fold(learner, output, meters, settings, snapshots::refresh);
        this.progress = new ProgressKeeper(store, settings.exactlyOnce());
        this.synchronisation = new Synchronisation(name, learner, store, output, meters);
        Formats formats =
                new Formats(name, store, settings.decoder(), settings.learner().geometry());
        this.catchUp = new CatchUp(name, settings, source, fold, snapshots, formats, meters, clockMillis, this::accept);
        this.restoration = new Restoration(name, source, fold, snapshots, formats, progress, synchronisation, catchUp);
        meters.state(phase.name());
    }

    /** Takes in the next record of the group's consumer. */
    void process(PendingImage image) {
        long offset = image.offset();
        if (phase == Phase.STARTING) {
            restoration.expect(offset);
            begin();
        }
        if (phase == Phase.REPLAYING && catchUp.isDone()) {
            endReplay();
        }
        switch (phase) {
            case STARTING -> restoration.defer(offset);
            case REPLAYING -> {
                catchUp.extend(offset);
                replay();
            }
            case TRAINING -> train(image);
        }
        if (closing && phase == Phase.TRAINING) {
            fold.flush();
        }
        settle();
    }

    /** Takes in a chunk of the global weights; they are adopted when they are whole and the model is up to date. */
    void receive(byte[] chunk) {
        if (synchronisation.receive(chunk)) {
            adopt();
        }
        settle();
    }

    /**
     * Brings the model together with the newest global weights. Images that were taken in before are scored before, and
     * the snapshot makes that one transaction with it.
     */
    private void adopt() {
        if (phase == Phase.TRAINING) {
            fold.flush();
            progress.scored(fold.scoredThrough());
            if (synchronisation.adopt()) {
                snapshots.write(fold, progress.owed());
            }
        }
    }

    /** Does what is due by the clock; to be called every few milliseconds while {@link #isBusy}. */
    void tick() {
        long now = clockMillis.getAsLong();
        if (phase == Phase.STARTING) {
            begin();
        }
        if (phase == Phase.REPLAYING) {
            replay();
        }
        if (owedSinceMillis >= 0 && now - owedSinceMillis >= settings.lingerMillis()) {
            fold.flush();
        }
        boolean rested = phase == Phase.TRAINING && now - lastImageMillis >= settings.snapshotIdleMillis();
        CompletableFuture<Void> request = snapshotRequest.get();
        if (request != null) {
            fold.flush();
        }
        if (rested || request != null) {
            snapshots.writeIfTrained(fold, progress.owed());
        }
        settle();
        if (request != null && !snapshots.isBehind(fold)) { // else it waits for a commit
            answer(request);
        }
    }

    /** Whether {@link #tick} has anything to do before the next record comes. */
    boolean isBusy() {
        return !settled;
    }

    /**
     * Asks for the owed scores and a last snapshot as soon as can be; complete when they are written. From now on no
     * score waits for others, so that none is owed whenever the task is closed. Any thread.
     */
    CompletableFuture<Void> requestSnapshot() {
        closing = true;
        CompletableFuture<Void> request =
                snapshotRequest.updateAndGet(pending -> pending == null ? new CompletableFuture<>() : pending);
        if (settled) {
            answer(request);
        }
        return request;
    }

    private void answer(CompletableFuture<Void> request) {
        snapshotRequest.compareAndSet(request, null);
        request.complete(null);
    }

    int partition() {
        return partition;
    }

    /** The first offset that may have no score yet. */
    long scoredThrough() {
        return fold.scoredThrough();
    }

    /** The next offset to take in, -1 while that is not known. Any thread. */
    long position() {
        return position;
    }

    /** Told the end of the log, reports how far it is behind. Any thread. */
    void reportEnd(long end) {
        long at = position;
        if (at >= 0) {
            meters.lag(Math.max(0, end - at));
        }
    }

    /** Any thread. */
    Phase phase() {
        return phase;
    }

    /** Whether training has ended because too many updates in a row were not finite. Any thread. */
    boolean trainingStopped() {
        return trainingStopped;
    }

    private void begin() {
        long now = clockMillis.getAsLong();
        if (restoration.begin(now)) {
            lastImageMillis = now;
            enter(Phase.REPLAYING);
        }
    }

    private void replay() {
        if (catchUp.slice()) {
            endReplay();
        }
    }

    private void endReplay() {
        catchUp.end();
        enter(Phase.TRAINING);
        adopt();
    }

    private void train(PendingImage image) {
        if (image.offset() < fold.position()) {
            if (first && !restoration.isOfAnotherLog(image.offset())) {
                return; // it was replayed, for another instance has committed it
            }
            restoration.acceptAnotherLog(image.offset());
        } else if (image.offset() > fold.position()) {
            catchUp.passOverGap(image.offset(), first);
        }
        first = false;
        accept(image);
    }

    private void accept(PendingImage image) {
        lastImageMillis = clockMillis.getAsLong();
        if (fold.accept(image)) {
            progress.scored(fold.scoredThrough());
            synchronisation.contributeIfDue();
            snapshots.writeIfDue(fold, progress.owed());
        }
    }

    /**
     * A commit has succeeded: all that was written and published before is there to stay. Under at-least-once only now
     * may the store say that a score is no longer owed, for until now a crash could lose the score and keep the word.
     */
    void committed() {
        progress.committed(fold.scoredThrough());
    }

    /** Brings the store and what others may see into line with the fold. */
    private void settle() {
        if (phase != Phase.STARTING) {
            progress.scored(fold.scoredThrough());
        }
        if (!fold.owesScores()) {
            owedSinceMillis = -1;
        } else if (owedSinceMillis < 0) {
            owedSinceMillis = clockMillis.getAsLong();
        }
        position = phase == Phase.STARTING ? -1 : fold.position();
        trainingStopped = learner.trainingStopped();
        settled = phase == Phase.STARTING
                ? restoration.isIdle()
                : phase == Phase.TRAINING && owedSinceMillis < 0 && !snapshots.isBehind(fold);
    }

    private void enter(Phase next) {
        phase = next;
        boolean scores = next == Phase.TRAINING && !settings.trains();
        meters.state(scores ? "SCORING" : next.name());
    }

    /** Frees the model; what is not committed is the successor's to do again. */
    @Override
    public void close() {
        position = -1;
        catchUp.close();
        source.close();
        learner.close();
        CompletableFuture<Void> request = snapshotRequest.getAndSet(null);
        if (request != null) {
            request.complete(null);
        }
        settled = true;
    }
}
