package dev.eddy.snapshot;

import dev.eddy.nn.StateVisitor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Captures a state: its arrays one after the other, cut into chunks; no element lies in two chunks. */
final class ChunkWriter implements StateVisitor {

    private final int chunkBytes;
    private final List<byte[]> chunks = new ArrayList<>();
    private long left;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    /**
     * @param chunkBytes most bytes of a chunk, at least 8
     * @param bytes size of all arrays to come
     */
    ChunkWriter(int chunkBytes, long bytes) {
        this.chunkBytes = chunkBytes;
        this.left = bytes;
    }

    @Override
    public void floats(String name, float[] values) {
        for (int done = 0; done < values.length; ) {
            int n = room(Float.BYTES, values.length - done);
            chunk.asFloatBuffer().put(values, done, n);
            done += advance(n, Float.BYTES);
        }
    }

    @Override
    public void doubles(String name, double[] values) {
        for (int done = 0; done < values.length; ) {
            int n = room(Double.BYTES, values.length - done);
            chunk.asDoubleBuffer().put(values, done, n);
            done += advance(n, Double.BYTES);
        }
    }

    @Override
    public void longs(String name, long[] values) {
        for (int done = 0; done < values.length; ) {
            int n = room(Long.BYTES, values.length - done);
            chunk.asLongBuffer().put(values, done, n);
            done += advance(n, Long.BYTES);
        }
    }

    @Override
    public void bytes(String name, byte[] values) {
        for (int done = 0; done < values.length; ) {
            int n = room(1, values.length - done);
            chunk.duplicate().put(values, done, n);
            done += advance(n, 1);
        }
    }

    /** The chunks, complete once all arrays have been visited. */
    List<byte[]> chunks() {
        finish();
        return chunks;
    }

    /** How many of {@code wanted} elements fit into the present chunk, at least one: a new one begins if none does. */
    private int room(int elementBytes, int wanted) {
        if (chunk.remaining() < elementBytes) {
            finish();
            // A chunk of 8 bytes at least: the last one may end with elements that are larger than what is left.
            int size = (int) Math.min(chunkBytes, Math.max(left, Long.BYTES));
            chunk = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
        return Math.min(wanted, chunk.remaining() / elementBytes);
    }

    private int advance(int elements, int elementBytes) {
        chunk.position(chunk.position() + elements * elementBytes);
        left -= (long) elements * elementBytes;
        return elements;
    }

    private void finish() {
        if (chunk.position() > 0) {
            byte[] bytes = chunk.array();
            chunks.add(chunk.position() == bytes.length ? bytes : Arrays.copyOf(bytes, chunk.position()));
        }
        chunk = ByteBuffer.allocate(0);
    }
}
