package dev.eddy.nn;

import org.bytedeco.javacpp.FloatPointer;

/**
 * All weights and biases of one network in one flat array, so that the optimizer is one loop and a snapshot one copy.
 * The layers know their places in it.
 */
public final class Parameters implements AutoCloseable {

    private final Matrix flat;
    private boolean stale;

    public Parameters(int size) {
        this.flat = new Matrix(1, size);
    }

    /** The heap side; after a change call {@link #changed}. */
    public float[] values() {
        return flat.values();
    }

    /** The off-heap side from value {@code offset} on, as of the last {@link #settle}; keep it, it is an object. */
    public FloatPointer pointer(int offset) {
        return flat.pointer(offset);
    }

    /** Says that the heap side has changed: the next pass that reads the weights brings the off-heap side in line. */
    public void changed() {
        stale = true;
    }

    /** Brings the off-heap side, which BLAS reads, in line with the heap side, if it is not. */
    public void settle() {
        if (stale) {
            flat.toNative();
            stale = false;
        }
    }

    @Override
    public void close() {
        flat.close();
    }
}
