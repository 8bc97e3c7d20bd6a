package dev.eddy.stream;

import java.util.OptionalLong;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a partition begins: with the newest usable model that is not ahead of the group's committed place in
 * the source, or of the first record where nothing was committed. Also what becomes of the model when the source is
 * another log than the one that it learned from. Used by one thread at a time.
 */
final class Restoration {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final String name;
    private final SourceLog source;
    private final Fold fold;
    private final ModelKeeper snapshots;
    private final Formats formats;
    private final ProgressKeeper progress;
    private final Synchronisation synchronisation;
    private final CatchUp catchUp;
    private final long known; // the first offset without a score as the store was found, -1 if it says nothing
    private final boolean scoredBefore; // whether any record before that has one
    private long firstOffset = -1;
    private long lastOffset = -1;
    private long retryAtMillis = Long.MIN_VALUE;
    private boolean idle;

    Restoration(
            String name,
            SourceLog source,
            Fold fold,
            ModelKeeper snapshots,
            Formats formats,
            ProgressKeeper progress,
            Synchronisation synchronisation,
            CatchUp catchUp) {
        this.name = name;
        this.source = source;
        this.fold = fold;
        this.snapshots = snapshots;
        this.formats = formats;
        this.progress = progress;
        this.synchronisation = synchronisation;
        this.catchUp = catchUp;
        this.known = progress.owed();
        this.scoredBefore = progress.origin() < known;
    }

    /** A record has come before it is known where to begin. */
    void expect(long offset) {
        if (firstOffset < 0) {
            firstOffset = offset;
            idle = false; // also if the source cannot be asked now: nothing else may come to make it begin
        }
    }

    /**
     * The record that came could not be begun with: it is read from the source in its turn, and the store says that its
     * score is owed.
     */
    void defer(long offset) {
        formats.comeFrom(firstOffset);
        progress.owe(firstOffset);
        lastOffset = offset;
    }

    /** Whether nothing was committed and nothing came, so that there is nothing to begin with. */
    boolean isIdle() {
        return idle;
    }

    /**
     * Restores the model, if the source can be asked, and there is something to begin with.
     *
     * @return whether the fold has begun and {@link CatchUp} has its part of the source to read
     * @throws InvalidConfigurationException if the group's place is lost and records that have their scores come again,
     *     or records to replay came in a format that cannot be decoded now; the store is as it was
     */
    boolean begin(long nowMillis) {
        if (nowMillis < retryAtMillis) {
            return false;
        }
        OptionalLong committed;
        try {
            committed = source.committedOffset();
            if (committed.isEmpty()) {
                refuseLostPlace();
            }
        } catch (SourceUnavailableException e) {
            retryAtMillis = nowMillis + SourceUnavailableException.RETRY_MILLIS;
            LOG.warn("{}: {}; tries again", name, e.getMessage());
            return false;
        }
        idle = committed.isEmpty() && firstOffset < 0;
        if (idle) {
            return false;
        }
        // What is committed lies before the first record that came, unless the log is another one than that of the
        // commit, or another instance has taken over from this one, which stalled and has not noticed yet. Where
        // records of this log have scores, something was committed: brokers forget the place in a deleted topic.
        boolean another = isOfAnotherLog(firstOffset);
        long place = committed.orElse(another && scoredBefore ? Long.MAX_VALUE : firstOffset);
        if (firstOffset >= 0) {
            progress.owe(firstOffset);
        }
        if (firstOffset < 0 || place <= firstOffset) {
            beginAt(place, nowMillis);
        } else if (another) {
            beginOnAnotherLog(firstOffset, nowMillis);
        } else {
            beginAt(firstOffset, nowMillis);
        }
        return true;
    }

    /**
     * Brokers forget the place of a group that was away for long, and its consumer begins anew: that would give scores
     * twice, and cost the model, which is ahead of the records that come. A log that ends before {@code known} is
     * another one.
     */
    private void refuseLostPlace() {
        if (!scoredBefore || firstOffset >= known) {
            return;
        }
        try (SourceLog.Reader reader = source.read(Math.max(0, firstOffset))) {
            if (reader.position() < known && known <= reader.limit()) {
                throw new InvalidConfigurationException(
                        name + ": the group has no committed offset, and records before " + known
                                + " have their scores: set the group's offset to " + known
                                + " (kafka-consumer-groups --reset-offsets --to-offset), or start anew with --reset");
            }
        }
    }

    /** Whether a record behind the group's place is of a new log: the store was found to know of scores beyond it. */
    boolean isOfAnotherLog(long offset) {
        return offset < known;
    }

    /** @param place the group's place in the source */
    private void beginAt(long place, long nowMillis) {
        long owed = progress.owed();
        long bound = owed < 0 ? place : Math.min(place, owed);
        ModelKeeper.Start start = snapshots.restore(bound, progress.origin());
        formats.check(start.nextOffset(), place);
        formats.comeFrom(place);
        progress.begin(start.origin(), bound);
        fold.begin(start.nextOffset(), bound);
        synchronisation.begin();
        catchUp(start.nextOffset(), place, nowMillis);
        LOG.info(
                "{}: {}, step {}, next offset {}, {} to replay",
                name,
                start.description(),
                fold.step(),
                start.nextOffset(),
                catchUp.remaining());
        if (start.changed()) {
            snapshots.write(fold, progress.owed());
        }
    }

    private void beginOnAnotherLog(long next, long nowMillis) {
        ModelKeeper.Start start = snapshots.restore(Long.MAX_VALUE, next);
        fold.begin(next, next);
        synchronisation.begin();
        catchUp(next, next, nowMillis);
        LOG.warn("{}: {}, step {}", name, start.description(), fold.step());
        acceptAnotherLog(next);
    }

    private void catchUp(long from, long end, long nowMillis) {
        catchUp.begin(nowMillis, from, end);
        if (lastOffset >= 0) {
            catchUp.extend(lastOffset);
        }
    }

    /** The source goes back to an offset that is behind the fold: the model stays, all offsets are new. */
    void acceptAnotherLog(long next) {
        LOG.warn("{}: the source goes back to offset {}: it was cut off or created anew; the model stays", name, next);
        snapshots.note("the source went back to offset " + next);
        fold.rewind(next);
        formats.comeAnew();
        progress.begin(next, next);
        snapshots.renew(fold);
    }
}
