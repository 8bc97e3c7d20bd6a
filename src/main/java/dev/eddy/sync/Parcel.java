package dev.eddy.sync;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A message in chunks that fit into records. Each chunk says which message it is a part of, so that those of two are
 * never taken for one:
 *
 * <pre>
 * int32  magic 0x45445359, "EDSY"
 * int32  CRC-32C of the whole message
 * int32  index of the chunk, from 0
 * int32  chunks of the message
 * bytes  of the message
 * </pre>
 */
public final class Parcel {

    private static final int MAGIC = 0x45445359;
    private static final int HEADER_BYTES = 4 * Integer.BYTES;

    private Parcel() {}

    /** What a chunk says of itself. */
    public record Label(int crc, int index, int count) {

        /** Whether the other chunk is of the same message. */
        public boolean isOfOne(Label other) {
            return crc == other.crc && count == other.count;
        }
    }

    /**
     * Cuts a message.
     *
     * @param chunkBytes most bytes of a chunk, over 16
     */
    public static List<byte[]> split(byte[] message, int chunkBytes) {
        int room = chunkBytes - HEADER_BYTES;
        int count = Math.max(1, (message.length + room - 1) / room);
        int crc = crc(message);
        List<byte[]> chunks = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int from = index * room;
            int length = Math.min(room, message.length - from);
            chunks.add(ByteBuffer.allocate(HEADER_BYTES + length)
                    .putInt(MAGIC)
                    .putInt(crc)
                    .putInt(index)
                    .putInt(count)
                    .put(message, from, length)
                    .array());
        }
        return chunks;
    }

    /** The label of a chunk; empty if these bytes are none. */
    public static Optional<Label> label(byte @Nullable [] chunk) {
        if (chunk == null || chunk.length < HEADER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(chunk);
        int magic = in.getInt();
        Label label = new Label(in.getInt(), in.getInt(), in.getInt());
        boolean valid = magic == MAGIC && label.index >= 0 && label.index < label.count;
        return valid ? Optional.of(label) : Optional.empty();
    }

    /**
     * The message of all its chunks, in their order.
     *
     * @return empty if it is not what was cut
     */
    public static Optional<byte[]> join(List<byte[]> chunks) {
        ByteBuffer message = ByteBuffer.allocate(
                chunks.stream().mapToInt(chunk -> chunk.length - HEADER_BYTES).sum());
        chunks.forEach(chunk -> message.put(chunk, HEADER_BYTES, chunk.length - HEADER_BYTES));
        byte[] joined = message.array();
        boolean whole = label(chunks.get(0))
                .filter(label -> label.count == chunks.size() && label.crc == crc(joined))
                .isPresent();
        return whole ? Optional.of(joined) : Optional.empty();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
