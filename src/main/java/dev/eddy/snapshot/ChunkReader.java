package dev.eddy.snapshot;

import dev.eddy.nn.StateVisitor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;

/** Restores a state from the chunks that {@link ChunkWriter} made of one of the same layout. */
final class ChunkReader implements StateVisitor {

    private final Iterator<byte[]> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    ChunkReader(List<byte[]> chunks) {
        this.chunks = chunks.iterator();
    }

    @Override
    public void floats(String name, float[] values) {
        for (int done = 0; done < values.length; ) {
            int n = available(Float.BYTES, values.length - done);
            chunk.asFloatBuffer().get(values, done, n);
            done += advance(n, Float.BYTES);
        }
    }

    @Override
    public void doubles(String name, double[] values) {
        for (int done = 0; done < values.length; ) {
            int n = available(Double.BYTES, values.length - done);
            chunk.asDoubleBuffer().get(values, done, n);
            done += advance(n, Double.BYTES);
        }
    }

    @Override
    public void longs(String name, long[] values) {
        for (int done = 0; done < values.length; ) {
            int n = available(Long.BYTES, values.length - done);
            chunk.asLongBuffer().get(values, done, n);
            done += advance(n, Long.BYTES);
        }
    }

    @Override
    public void bytes(String name, byte[] values) {
        for (int done = 0; done < values.length; ) {
            int n = available(1, values.length - done);
            chunk.duplicate().get(values, done, n);
            done += advance(n, 1);
        }
    }

    private int available(int elementBytes, int wanted) {
        if (!chunk.hasRemaining()) {
            chunk = ByteBuffer.wrap(chunks.next()).order(ByteOrder.LITTLE_ENDIAN);
        }
        return Math.min(wanted, chunk.remaining() / elementBytes);
    }

    private int advance(int elements, int elementBytes) {
        chunk.position(chunk.position() + elements * elementBytes);
        return elements;
    }
}
