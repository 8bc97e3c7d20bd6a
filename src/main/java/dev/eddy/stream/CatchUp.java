package dev.eddy.stream;

import dev.eddy.stream.DecodingProcessor.UndecodableException;
import dev.eddy.telemetry.PartitionMeters;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the fold to the group's place in the source: replays what lies between in slices, so that the thread that polls
 * the consumer is never kept for long, and writes down what the source no longer has. Used by one thread at a time.
 */
final class CatchUp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final long SLICE_MILLIS = 100;
    private static final long REPORT_MILLIS = 5_000;

    /** Offsets that a running learner passes over without a question: a few are markers of transactions. */
    private static final long LEAP = 10;

    /** After a question of a running learner that found no gap. */
    private static final long LEAP_MILLIS = 10_000;

    private final String name;
    private final StreamSettings settings;
    private final SourceLog source;
    private final Fold fold;
    private final ModelKeeper snapshots;
    private final Formats formats;
    private final PartitionMeters meters;
    private final LongSupplier clockMillis;
    private final Consumer<PendingImage> learner;
    private @Nullable Replay replay;
    private long sinceMillis;
    private long retryAtMillis = Long.MIN_VALUE;
    private long reportAtMillis = Long.MIN_VALUE;
    private long leapAtMillis = Long.MIN_VALUE;

    /** @param learner takes in the images that are read again; the fold stands behind them afterwards */
    CatchUp(
            String name,
            StreamSettings settings,
            SourceLog source,
            Fold fold,
            ModelKeeper snapshots,
            Formats formats,
            PartitionMeters meters,
            LongSupplier clockMillis,
            Consumer<PendingImage> learner) {
        this.name = name;
        this.settings = settings;
        this.source = source;
        this.fold = fold;
        this.snapshots = snapshots;
        this.formats = formats;
        this.meters = meters;
        this.clockMillis = clockMillis;
        this.learner = learner;
    }

    /**
     * Has a part of the source to read.
     *
     * @param sinceMillis when the partition set out to catch up
     * @param from the first record to read
     * @param end the first record not to read
     */
    void begin(long sinceMillis, long from, long end) {
        this.sinceMillis = sinceMillis;
        this.replay = new Replay(source, clockMillis, from, end);
    }

    /** Takes in one more record of the group's: it is read in its turn. */
    void extend(long offset) {
        replay().extend(offset);
    }

    /** Offsets still to read, at least 0. */
    long remaining() {
        return replay().remaining();
    }

    boolean isDone() {
        return replay().isDone();
    }

    /**
     * Reads on for about {@value #SLICE_MILLIS} ms, or not at all while the source has just been found unavailable.
     *
     * @return whether it came to the end, so that {@link #end} is to be called
     */
    boolean slice() {
        long now = clockMillis.getAsLong();
        if (now < retryAtMillis) {
            return false;
        }
        Replay running = replay();
        long lostBefore = running.lost();
        long from = running.position();
        long recordsBefore = running.records();
        try {
            running.advance(SLICE_MILLIS, settings.learner().batchSize(), this::replayed);
        } catch (SourceUnavailableException e) {
            retryAtMillis = now + SourceUnavailableException.RETRY_MILLIS;
            LOG.warn("{}: replay waits: {}", name, e.getMessage());
        }
        fold.skipTo(running.position());
        countGap(from, running.lost() - lostBefore);
        meters.replay(running.records() - recordsBefore, running.remaining());
        if (!running.isDone() && now >= reportAtMillis) {
            reportAtMillis = now + REPORT_MILLIS;
            LOG.info("{}: replay at offset {}, {} to go", name, running.position(), running.remaining());
        }
        return running.isDone();
    }

    private void replayed(SourceRecord record) {
        byte[] pixels = pixels(record);
        if (pixels != null) {
            learner.accept(
                    new PendingImage(record.offset(), record.timestamp(), record.key(), record.headers(), pixels));
        }
        fold.skipTo(record.offset() + 1);
    }

    /** Null if the record is no image. What goes wrong with an image is thrown by others, and not to be passed over. */
    private byte @Nullable [] pixels(SourceRecord record) {
        try {
            return DecodingProcessor.decode(formats.at(record.offset()), record.headers(), record.value())
                    .pixels();
        } catch (UndecodableException e) {
            LOG.trace("{}: offset {} was dead-lettered when it came", name, record.offset(), e);
            return null;
        }
    }

    /** The fold has come to the group's place: what comes next comes from the consumer. */
    void end() {
        Replay done = replay();
        fold.skipTo(done.position());
        done.close();
        if (done.isCutOff()) {
            LOG.warn("{}: the source ends before the group's place in it: it was cut off or created anew", name);
        }
        if (done.records() > 0) {
            LOG.info("{}: replayed {} records, step {}", name, done.records(), fold.step());
        }
        meters.replayed((clockMillis.getAsLong() - sinceMillis) * 1_000_000);
    }

    /**
     * A record comes that is not the next offset. What was gone before the group read it, behind the end of the replay,
     * shows only now; so does retention that has overtaken a running learner. Transactions, compaction and dead letters
     * leave places without an image as well, so the beginning of the log is asked for: always before the first record, later
     * only for more than {@value #LEAP} offsets, and not within {@value #LEAP_MILLIS} ms of one that was no gap, for it
     * makes the stream wait.
     *
     * @param next the record's offset
     * @param first whether it is the first behind the replay
     */
    void passOverGap(long next, boolean first) {
        long from = fold.position();
        long now = clockMillis.getAsLong();
        if (!first && (next - from <= LEAP || now < leapAtMillis)) {
            return;
        }
        try (SourceLog.Reader reader = source.read(from)) {
            fold.skipTo(Math.min(next, reader.position()));
            countGap(from, fold.position() - from);
            leapAtMillis = fold.position() > from ? now : now + LEAP_MILLIS;
        } catch (SourceUnavailableException e) {
            leapAtMillis = now + LEAP_MILLIS;
            LOG.warn("{}: cannot tell whether records after {} are gone: {}", name, fold.position(), e.getMessage());
        }
    }

    private void countGap(long from, long lost) {
        if (lost > 0) {
            meters.gap(lost);
            snapshots.note(lost + " offsets after " + from + " were gone from the source");
            LOG.warn("{}: {} offsets after {} are gone from the source, goes on without them", name, lost, from);
        }
    }

    private Replay replay() {
        if (replay == null) {
            throw new IllegalStateException("nothing to catch up with yet");
        }
        return replay;
    }

    @Override
    public void close() {
        if (replay != null) {
            replay.close();
        }
    }
}
