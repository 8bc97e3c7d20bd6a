package dev.eddy.nn;

import org.bytedeco.javacpp.FloatPointer;

/**
 * All weights and biases of one network in one flat array, so that the optimizer is one loop and a snapshot one copy.
 * The layers know their places in it. Both the heap side and the off-heap side can be the newer one; whoever asks for a
 * side gets it up to date. Training works on the off-heap side alone: copies of all weights would push them out of the
 * processor's caches. Not thread-safe.
 */
public final class Parameters implements AutoCloseable {

    private final Matrix flat;
    private boolean nativeIsBehind;
    private boolean heapIsBehind;

    public Parameters(int size) {
        this.flat = new Matrix(1, size);
    }

    /** The heap side, up to date until the next update; after a change call {@link #changed}. */
    public float[] values() {
        if (heapIsBehind) {
            flat.toHeap();
            heapIsBehind = false;
        }
        return flat.values();
    }

    /** Both sides as they lie, whichever is up to date. */
    public Matrix flat() {
        return flat;
    }

    FloatPointer pointer(int offset) {
        return flat.pointer(offset);
    }

    /** Says that the heap side has changed: who reads the off-heap side next brings it in line. */
    public void changed() {
        nativeIsBehind = true;
    }

    /** Brings the off-heap side, which BLAS reads, in line with the heap side, if it is not. */
    public void settle() {
        if (nativeIsBehind) {
            flat.toNative();
            nativeIsBehind = false;
        }
    }

    /** Copies {@code count} parameters, from {@code from} on, to the start of {@code target}. */
    public void read(int from, int count, float[] target) {
        settle();
        flat.read(from, count, target);
    }

    /** Copies the first {@code count} values of {@code source} to the parameters, from {@code from} on. */
    void write(int from, int count, float[] source) {
        settle();
        flat.write(from, count, source);
        heapIsBehind = true;
    }

    @Override
    public void close() {
        flat.close();
    }
}
