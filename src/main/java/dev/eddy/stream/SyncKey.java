package dev.eddy.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The key of a chunk on its way between a partition and the aggregator: two big-endian int32. Compaction keeps of each
 * partition the chunks that came last, which is the newest message.
 *
 * @param partition of the input, whose chunk it is
 * @param index of the chunk
 */
record SyncKey(int partition, int index) {

    private static final int BYTES = 2 * Integer.BYTES;

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putInt(partition).putInt(index).array();
    }

    /** The partition in a key; -1 if it is no such key. */
    static int partition(byte @Nullable [] key) {
        return key == null || key.length != BYTES ? -1 : ByteBuffer.wrap(key).getInt();
    }
}
