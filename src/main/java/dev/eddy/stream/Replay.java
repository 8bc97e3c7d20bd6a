package dev.eddy.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source again, from where the model stands to where the group's consumer is. The end moves on while records
 * come in; no record at or behind it is ever read, for those are not yet the group's. Used by one thread at a time.
 */
final class Replay implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final SourceLog source;
    private final LongSupplier clockMillis;
    private final Deque<SourceRecord> polled = new ArrayDeque<>();
    private SourceLog.@Nullable Reader reader;
    private long position;
    private long end;
    private long records;
    private long lost;
    private boolean cutOff;

    /**
     * @param position the first record to read
     * @param end the first record not to read
     */
    Replay(SourceLog source, LongSupplier clockMillis, long position, long end) {
        this.source = source;
        this.clockMillis = clockMillis;
        this.position = position;
        this.end = end;
    }

    /** Takes in one more record of the group's: it is read in its turn. */
    void extend(long offset) {
        end = Math.max(end, offset + 1);
    }

    /** The first offset that has not been read. */
    long position() {
        return position;
    }

    /** Offsets still to read, at least 0. */
    long remaining() {
        return Math.max(0, end - position);
    }

    boolean isDone() {
        return position >= end;
    }

    /** Records read. */
    long records() {
        return records;
    }

    /** Offsets that the source no longer had when they were to be read. */
    long lost() {
        return lost;
    }

    /** Whether the source ends before the group's place in it: it was cut off or created anew. */
    boolean isCutOff() {
        return cutOff;
    }

    /**
     * Reads on until done, or no record comes, or {@code budgetMillis} have passed and at least {@code least} records
     * have been read, so that it gains on a consumer that takes in one record between two calls.
     *
     * @throws SourceUnavailableException if the source cannot be read now; what was read stays read
     */
    void advance(long budgetMillis, int least, Consumer<SourceRecord> consumer) {
        long deadline = clockMillis.getAsLong() + budgetMillis;
        long enough = records + least;
        try {
            while (!isDone() && (records < enough || clockMillis.getAsLong() < deadline)) {
                if (polled.isEmpty() && !poll()) {
                    return;
                }
                take(consumer);
            }
        } catch (SourceUnavailableException e) {
            closeReader();
            throw e;
        }
    }

    private void take(Consumer<SourceRecord> consumer) {
        SourceRecord record = polled.peek();
        if (record == null) {
            return;
        }
        if (record.offset() >= end) {
            position = end;
            return;
        }
        polled.remove();
        position = record.offset() + 1;
        records++;
        consumer.accept(record);
    }

    /** Whether it came nearer to the end. */
    private boolean poll() {
        SourceLog.Reader open = reader == null ? open() : reader;
        if (!isDone()) {
            polled.addAll(open.poll(Duration.ofMillis(POLL_MILLIS)));
            if (polled.isEmpty()) {
                long before = position;
                position = Math.max(position, Math.min(end, open.position()));
                return position > before;
            }
        }
        return true;
    }

    private SourceLog.Reader open() {
        SourceLog.Reader opened = source.read(position);
        reader = opened;
        long start = opened.position();
        if (start > position) {
            lost += Math.min(start, end) - position;
            position = Math.min(start, end);
        }
        if (opened.limit() < end) { // the group has read more than there is: what it reads next is not in this log yet
            cutOff = true;
            end = position;
        }
        return opened;
    }

    private void closeReader() {
        polled.clear();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    @Override
    public void close() {
        closeReader();
    }
}
