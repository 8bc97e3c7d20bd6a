package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.stream.DecodingProcessor.UndecodableException;
import dev.eddy.telemetry.PartitionMeters;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLearner.class);
    private static final long SLICE_MILLIS = 100;
    private static final long RETRY_MILLIS = 1_000;
    private static final long REPORT_MILLIS = 5_000;

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
    private final String name;
    private final int partition;
    private final Learner learner;
    private final ByteStore store;
    private final SourceLog source;
    private final PartitionMeters meters;
    private final LongSupplier clockMillis;
    private final Fold fold;
    private final ModelKeeper snapshots;
    private final Synchronisation synchronisation;
    private final AtomicReference<@Nullable CompletableFuture<Void>> snapshotRequest = new AtomicReference<>();

    private volatile Phase phase = Phase.STARTING;
    private @Nullable Replay replay;
    private @Nullable Progress progress;
    private final long known; // the first offset without a score when this began, -1 if the store says nothing
    private long firstOffset = -1;
    private long lastOffset = -1;
    private long retryAtMillis = Long.MIN_VALUE;
    private long reportAtMillis = Long.MIN_VALUE;
    private long replaySinceMillis;
    private long owedSinceMillis = -1;
    private long trainedAtMillis;
    private long durable = -1;
    private boolean idle;
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
        this.settings = settings;
        this.name = settings.topics().input() + "-" + partition;
        this.partition = partition;
        this.learner = learner;
        this.store = store;
        this.source = source;
        this.meters = meters;
        this.clockMillis = clockMillis;
        this.snapshots = settings.trains()
                ? new Snapshots(settings, partition, learner, store, models, output, meters, clockMillis)
                : new AdoptedModels(settings, partition, learner, models, output, meters);
        this.fold = new Fold(learner, output, meters, settings, snapshots::refresh);
        this.synchronisation = new Synchronisation(name, learner, store, output, meters);
        Progress found = Progress.read(store);
        this.progress = found;
        this.known = found == null ? -1 : found.scoredThrough();
        meters.state(phase.name());
    }

    /** Takes in the next record of the group's consumer. */
    void process(PendingImage image) {
        if (phase == Phase.STARTING) {
            owe(image.offset());
            begin(image.offset());
        }
        if (phase == Phase.REPLAYING && replay().isDone()) {
            endReplay();
        }
        if (phase == Phase.TRAINING) {
            train(image);
        } else {
            lastOffset = image.offset();
            if (phase == Phase.REPLAYING) {
                replay().extend(lastOffset);
                slice();
            }
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
            saveProgress();
            if (synchronisation.adopt()) {
                snapshots.write(fold, owed());
            }
        }
    }

    /** Does what is due by the clock; to be called every few milliseconds while {@link #isBusy}. */
    void tick() {
        long now = clockMillis.getAsLong();
        if (phase == Phase.STARTING) {
            begin(-1);
        }
        if (phase == Phase.REPLAYING) {
            slice();
        }
        if (owedSinceMillis >= 0 && now - owedSinceMillis >= settings.lingerMillis()) {
            fold.flush();
        }
        boolean rested = phase == Phase.TRAINING && now - trainedAtMillis >= settings.snapshotIdleMillis();
        CompletableFuture<Void> request = snapshotRequest.get();
        if (request != null) {
            fold.flush();
        }
        if (rested || request != null) {
            snapshots.writeIfTrained(fold, owed());
        }
        settle();
        if (request != null && !snapshots.isBehind(fold)) { // else it waits for a commit
            answer(request);
        }
    }

    /** Whether {@link #tick} has anything to do before the next record comes. */
    boolean isBusy() {
        return !settled && !idle;
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

    /**
     * Before anything else is known: the record's score is owed, and the fold began at it at the latest. A successor
     * finds that in the store whenever the record is committed.
     */
    private void owe(long offset) {
        if (firstOffset >= 0) {
            return;
        }
        firstOffset = offset;
        Progress before = progress;
        save(
                before == null
                        ? new Progress(offset, offset)
                        : new Progress(Math.min(before.origin(), offset), Math.min(before.scoredThrough(), offset)));
    }

    /**
     * Restores; stays in STARTING when the source cannot be asked, or when nothing was committed and nothing came.
     *
     * @param next the offset of the record at hand, -1 if there is none
     */
    private void begin(long next) {
        long now = clockMillis.getAsLong();
        if (now < retryAtMillis) {
            return;
        }
        OptionalLong committed;
        try {
            committed = source.committedOffset();
        } catch (SourceUnavailableException e) {
            retryAtMillis = now + RETRY_MILLIS;
            LOG.warn("{}: {}; tries again", name, e.getMessage());
            return;
        }
        idle = committed.isEmpty() && firstOffset < 0;
        if (idle) {
            return;
        }
        trainedAtMillis = now;
        replaySinceMillis = now;
        // What is committed lies before the record at hand, unless the log is another one than that of the commit, or
        // another instance has taken over from this one, which has not noticed yet.
        if (next < 0 || committed.orElse(-1) <= next) {
            beginAt(committed.orElse(firstOffset));
        } else if (isOfAnotherLog(next)) {
            beginOnAnotherLog(next);
        } else {
            beginAt(next);
        }
    }

    /** @param place the group's place in the source */
    private void beginAt(long place) {
        Progress before = progress;
        long bound = before == null ? place : Math.min(place, before.scoredThrough());
        ModelKeeper.Start start = snapshots.restore(bound, before == null ? -1 : before.origin());
        save(new Progress(start.origin(), bound));
        fold.begin(start.nextOffset(), bound);
        synchronisation.begin();
        durable = bound;
        Replay begun = new Replay(source, clockMillis, start.nextOffset(), place);
        if (lastOffset >= 0) {
            begun.extend(lastOffset);
        }
        enter(Phase.REPLAYING, begun);
        LOG.info(
                "{}: {}, step {}, next offset {}, {} to replay",
                name,
                start.description(),
                fold.step(),
                start.nextOffset(),
                begun.remaining());
        if (start.changed()) {
            snapshots.write(fold, owed());
        }
    }

    /** Whether a record behind the group's place is of a new log: the store knows of scores beyond it. */
    private boolean isOfAnotherLog(long next) {
        return next < known;
    }

    private void beginOnAnotherLog(long next) {
        ModelKeeper.Start start = snapshots.restore(Long.MAX_VALUE, next);
        fold.begin(next, next);
        synchronisation.begin();
        enter(Phase.REPLAYING, new Replay(source, clockMillis, next, next));
        LOG.warn("{}: {}, step {}", name, start.description(), fold.step());
        acceptAnotherLog(next);
    }

    /** The model stays, all offsets are new. */
    private void acceptAnotherLog(long next) {
        LOG.warn("{}: the source goes back to offset {}: it was cut off or created anew; the model stays", name, next);
        snapshots.note("the source went back to offset " + next);
        fold.rewind(next);
        durable = next;
        save(new Progress(next, next));
        snapshots.renew(fold);
    }

    private void slice() {
        long now = clockMillis.getAsLong();
        if (now < retryAtMillis) {
            return;
        }
        Replay running = replay();
        long lostBefore = running.lost();
        long from = running.position();
        try {
            running.advance(SLICE_MILLIS, settings.learner().batchSize(), this::replayed);
        } catch (SourceUnavailableException e) {
            retryAtMillis = now + RETRY_MILLIS;
            LOG.warn("{}: replay waits: {}", name, e.getMessage());
        }
        fold.skipTo(running.position());
        long lost = running.lost() - lostBefore;
        countGap(from, lost);
        meters.replay(running.remaining());
        if (running.isDone()) {
            endReplay();
        } else if (now >= reportAtMillis) {
            reportAtMillis = now + REPORT_MILLIS;
            LOG.info("{}: replay at offset {}, {} to go", name, running.position(), running.remaining());
        }
    }

    private void countGap(long from, long lost) {
        if (lost > 0) {
            meters.gap(lost);
            snapshots.note(lost + " offsets after " + from + " were gone from the source");
            LOG.warn("{}: {} offsets after {} are gone from the source, goes on without them", name, lost, from);
        }
    }

    private void replayed(SourceRecord record) {
        byte[] pixels = pixels(record);
        if (pixels != null) {
            accept(new PendingImage(record.offset(), record.timestamp(), record.key(), record.headers(), pixels));
        }
        fold.skipTo(record.offset() + 1);
    }

    /** Null if the record is no image. What goes wrong with an image is thrown by others, and not to be passed over. */
    private byte @Nullable [] pixels(SourceRecord record) {
        try {
            return DecodingProcessor.decode(settings.decoder(), record.headers(), record.value())
                    .pixels();
        } catch (UndecodableException e) {
            LOG.trace("{}: offset {} was dead-lettered when it came", name, record.offset(), e);
            return null;
        }
    }

    private void endReplay() {
        Replay done = replay();
        fold.skipTo(done.position());
        done.close();
        if (done.isCutOff()) {
            LOG.warn("{}: the source ends before the group's place in it: it was cut off or created anew", name);
        }
        if (done.records() > 0) {
            LOG.info("{}: replayed {} records, step {}", name, done.records(), fold.step());
        }
        meters.replayed(done.records(), (clockMillis.getAsLong() - replaySinceMillis) * 1_000_000);
        enter(Phase.TRAINING, done);
        adopt();
    }

    private void train(PendingImage image) {
        if (image.offset() < fold.position()) {
            if (first && !isOfAnotherLog(image.offset())) {
                return; // it was replayed, for another instance has committed it
            }
            acceptAnotherLog(image.offset());
        } else if (first && image.offset() > fold.position()) {
            passOverGap();
        }
        first = false;
        accept(image);
    }

    /** What was gone before the group read it, behind the end of the replay, shows only now. */
    private void passOverGap() {
        try (SourceLog.Reader reader = source.read(fold.position())) {
            long from = fold.position();
            fold.skipTo(reader.position());
            countGap(from, fold.position() - from);
        } catch (SourceUnavailableException e) {
            LOG.warn("{}: cannot tell whether records after {} are gone: {}", name, fold.position(), e.getMessage());
        }
    }

    private void accept(PendingImage image) {
        if (fold.accept(image)) {
            trainedAtMillis = clockMillis.getAsLong();
            saveProgress();
            synchronisation.contributeIfDue();
            snapshots.writeIfDue(fold, owed());
        }
    }

    /**
     * A commit has succeeded: all that was written and published before is there to stay. Under at-least-once only now
     * may the store say that a score is no longer owed, for until now a crash could lose the score and keep the word.
     */
    void committed() {
        durable = fold.scoredThrough();
    }

    /** Brings the store and what others may see into line with the fold. */
    private void settle() {
        if (phase != Phase.STARTING) {
            saveProgress();
        }
        if (!fold.owesScores()) {
            owedSinceMillis = -1;
        } else if (owedSinceMillis < 0) {
            owedSinceMillis = clockMillis.getAsLong();
        }
        position = phase == Phase.STARTING ? -1 : fold.position();
        trainingStopped = learner.trainingStopped();
        settled = phase == Phase.TRAINING && owedSinceMillis < 0 && !snapshots.isBehind(fold);
    }

    private void saveProgress() {
        Progress saved = progress;
        long through = settings.exactlyOnce() ? fold.scoredThrough() : durable;
        if (saved != null && saved.scoredThrough() < through) {
            save(new Progress(saved.origin(), through));
        }
    }

    /** The first offset without a score, as the store has it. */
    private long owed() {
        return progress == null ? -1 : progress.scoredThrough();
    }

    private void save(Progress next) {
        if (!next.equals(progress)) {
            next.write(store);
            progress = next;
        }
    }

    private void enter(Phase next, Replay running) {
        replay = running;
        phase = next;
        boolean scores = next == Phase.TRAINING && !settings.trains();
        meters.state(scores ? "SCORING" : next.name());
    }

    private Replay replay() {
        if (replay == null) {
            throw new IllegalStateException("no replay in " + phase);
        }
        return replay;
    }

    /** Frees the model; what is not committed is the successor's to do again. */
    @Override
    public void close() {
        position = -1;
        if (replay != null) {
            replay.close();
        }
        source.close();
        learner.close();
        CompletableFuture<Void> request = snapshotRequest.getAndSet(null);
        if (request != null) {
            request.complete(null);
        }
        settled = true;
    }
}
