package dev.eddy.nn;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major matrix of floats that stands twice: on the heap, where loops over {@link #values} vectorize, and off the
 * heap in an ND4J array, where BLAS works. Neither follows the other by itself: {@link #toNative} and {@link #toHeap}
 * copy (42 GB/s on a Zen 4 with 12 MB in play, 11 with 50). The off-heap side begins at a line of the cache: a load
 * across two lines takes two. Allocated once and reused. Not thread-safe.
 */
public final class Matrix implements AutoCloseable {

    private static final int LINE = 16; // values in a line of the cache

    private final int rows;
    private final int columns;
    private final float[] values;
    private final INDArray array;
    private final FloatPointer pointer;
    private final FloatBuffer buffer;

    /** A matrix of zeros, on both sides. */
    public Matrix(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.values = new float[Math.multiplyExact(rows, columns)];
        this.array = Nd4j.createUninitializedDetached(DataType.FLOAT, values.length + LINE);
        FloatPointer start = new FloatPointer(array.data().addressPointer());
        this.pointer = start.getPointer((-start.address() & (LINE * Float.BYTES - 1)) / Float.BYTES);
        this.buffer = new FloatPointer(pointer).capacity(values.length).asBuffer();
        toNative();
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** The heap side, {@code rows * columns} values, row by row. */
    @SuppressWarnings("EI_EXPOSE_REP") // loops write here
    public float[] values() {
        return values;
    }

    /** The off-heap side, from its first value. */
    public FloatPointer pointer() {
        return pointer;
    }

    /** The off-heap side from value {@code offset} on; keep it, it is an object. */
    public FloatPointer pointer(int offset) {
        return new FloatPointer(pointer).position(offset);
    }

    /** Copies the heap side to the off-heap side. */
    public void toNative() {
        buffer.put(0, values, 0, values.length);
    }

    /** Copies the off-heap side to the heap side. */
    public void toHeap() {
        buffer.get(0, values, 0, values.length);
    }

    /** Copies {@code count} rows of the off-heap side, from {@code row} on, to the start of {@code target}. */
    public void readRows(int row, int count, float[] target) {
        buffer.get(row * columns, target, 0, count * columns);
    }

    /** Copies {@code count} values of the off-heap side, from {@code from} on, to {@code target}, from {@code at} on. */
    void read(int from, int count, float[] target, int at) {
        buffer.get(from, target, at, count);
    }

    /** Copies the first {@code count} values of {@code source} to the off-heap side, from {@code from} on. */
    void write(int from, int count, float[] source) {
        buffer.put(from, source, 0, count);
    }

    /** Copies the start of {@code source} to one row of the off-heap side. */
    public void writeRowToNative(int row, float[] source) {
        buffer.put(row * columns, source, 0, columns);
    }

    /** Copies the start of {@code source} to one row, on both sides. */
    public void writeRow(int row, float[] source) {
        buffer.put(row * columns, source, 0, columns);
        System.arraycopy(source, 0, values, row * columns, columns);
    }

    @Override
    public void close() {
        array.close();
    }
}
