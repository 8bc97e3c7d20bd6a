package dev.eddy.stream;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** One partition of the input, seen as the learner's write-ahead log. Used by one thread at a time. */
interface SourceLog extends AutoCloseable {

    /**
     * The offset from which the group's consumer goes on: all records before it have been taken in by a committed
     * transaction. Empty if none was ever committed.
     *
     * @throws SourceUnavailableException if it cannot be told now
     */
    OptionalLong committedOffset();

    /**
     * Begins to read at an offset, or at the nearest one that the log still has: {@link Reader#position} tells.
     *
     * @throws SourceUnavailableException if the log cannot be read now
     */
    Reader read(long from);

    @Override
    void close();

    /** Reads valid and invalid records in offset order. */
    interface Reader extends AutoCloseable {

        /**
         * The next records, none if there are none within {@code patience}.
         *
         * @throws SourceUnavailableException if the log cannot be read now; the reader is then of no more use
         */
        List<SourceRecord> poll(Duration patience);

        /** The offset behind the last record that {@code poll} returned and behind all that is no record. */
        long position();

        /** The end of the log when the reading began: the offset of the next record to be readable. */
        long limit();

        @Override
        void close();
    }
}
