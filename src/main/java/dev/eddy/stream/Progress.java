package dev.eddy.stream;

import dev.eddy.snapshot.ByteStore;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition has come, kept in the learner's store under {@code progress} and written with every flush of
 * scores: a version byte 1 and two big-endian int64.
 *
 * @param origin the offset at which the fold began: where it begins again while there is no snapshot
 * @param scoredThrough the first offset whose record has no score yet
 */
record Progress(long origin, long scoredThrough) {

    private static final String KEY = "progress";
    private static final byte VERSION = 1;

    /** What was written last; null if nothing was. */
    static @Nullable Progress read(ByteStore store) {
        byte[] bytes = store.get(KEY);
        if (bytes == null) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length != 17 || buffer.get() != VERSION) {
            throw new IllegalStateException("the learner's store holds a progress record of " + bytes.length
                    + " bytes that this release cannot read: use the release that wrote it, or --reset");
        }
        return new Progress(buffer.getLong(), buffer.getLong());
    }

    void write(ByteStore store) {
        store.put(
                KEY,
                ByteBuffer.allocate(17)
                        .put(VERSION)
                        .putLong(origin)
                        .putLong(scoredThrough)
                        .array());
    }
}
