package dev.eddy.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A partition's log in memory: records, offsets without one (transaction markers), retention, and a group's offset. */
final class MemoryLog {

    private final NavigableMap<Long, SourceRecord> records = new TreeMap<>();
    private long start;
    private long end;
    private OptionalLong committed = OptionalLong.empty();
    private int failuresInTen;

    /** Appends one record; an image of no bytes, of too few or of none is an invalid one. */
    void append(byte @Nullable [] value) {
        byte[] key = Long.toString(end).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        records.put(end, new SourceRecord(end, 1_000 + end, key, new RecordHeaders(), value));
        end++;
    }

    void appendMarker() {
        end++;
    }

    /** Deletes all before an offset. */
    void retainFrom(long offset) {
        records.headMap(offset).clear();
        start = offset;
    }

    /** Deletes everything and begins at 0 again. */
    void recreate() {
        records.clear();
        start = 0;
        end = 0;
    }

    void commit(long offset) {
        committed = OptionalLong.of(offset);
    }

    /** The group was away for too long. */
    void forgetPlace() {
        committed = OptionalLong.empty();
    }

    OptionalLong committed() {
        return committed;
    }

    long end() {
        return end;
    }

    /** How many in ten requests fail from now on. */
    void failures(int inTen) {
        failuresInTen = inTen;
    }

    /** At most {@code max} records from an offset on. */
    List<SourceRecord> from(long offset, int max) {
        return records.tailMap(offset).values().stream().limit(max).toList();
    }

    /** The image that a record holds, as the topology hands it to the learner; empty if it holds none. */
    static Optional<PendingImage> image(SourceRecord record) {
        byte[] value = record.value();
        return value == null || value.length != Tiny.GEOMETRY.size()
                ? Optional.empty()
                : Optional.of(
                        new PendingImage(record.offset(), record.timestamp(), record.key(), record.headers(), value));
    }

    /** A connection to this log that polls random numbers of records. */
    SourceLog connect(SplittableRandom random) {
        return new SourceLog() {
            @Override
            public OptionalLong committedOffset() {
                maybeFail(random);
                return committed;
            }

            @Override
            public Reader read(long from) {
                maybeFail(random);
                return new MemoryReader(random, Math.max(start, Math.min(from, end)), end);
            }

            @Override
            public void close() {}
        };
    }

    private void maybeFail(SplittableRandom random) {
        if (random.nextInt(10) < failuresInTen) {
            throw new SourceUnavailableException("no broker", new IllegalStateException("simulated"));
        }
    }

    private final class MemoryReader implements SourceLog.Reader {

        private final SplittableRandom random;
        private final long limit;
        private long position;

        MemoryReader(SplittableRandom random, long position, long limit) {
            this.random = random;
            this.position = position;
            this.limit = limit;
        }

        @Override
        public List<SourceRecord> poll(Duration patience) {
            maybeFail(random);
            if (position < start) {
                throw new SourceUnavailableException("offset out of range", new IllegalStateException("simulated"));
            }
            List<SourceRecord> polled = new ArrayList<>(from(position, random.nextInt(12)));
            if (!polled.isEmpty()) {
                position = polled.get(polled.size() - 1).offset() + 1;
            } else if (from(position, 1).isEmpty()) {
                position = end;
            }
            return polled;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long limit() {
            return limit;
        }

        @Override
        public void close() {}
    }
}
