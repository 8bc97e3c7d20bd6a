package dev.eddy.nn;

import org.bytedeco.javacpp.FloatPointer;

/**
 * The loss by each of the {@link Parameters} of one model, on the heap, where the optimizer reads it. BLAS computes it
 * off the heap into a block, which stays in the cache where products are tiled (see {@link Blas}): gradients as a whole
 * would come and go, since weights, gradients and moments of all networks are more than it holds. Not thread-safe.
 */
public final class Gradients implements AutoCloseable {

    private final int rows;
    private final float[] values;
    private final Matrix block;
    private double squares; // of what was set since begin

    /**
     * @param rows that are summed over
     * @param networks all that have their weights in the same {@link Parameters}
     */
    public Gradients(int rows, Layers... networks) {
        int size = 0;
        int most = 0;
        for (Layers layers : networks) {
            size = Math.max(size, layers.end());
            for (int layer = 0; layer < layers.count(); layer++) {
                int in = layers.inputs(layer);
                int out = layers.outputs(layer);
                most = Math.max(most, Math.max(in, Blas.rowsAtATime(in, out, rows) * out));
            }
        }
        this.rows = rows;
        this.values = new float[size];
        this.block = new Matrix(1, most);
    }

    /** In the order of the parameters, up to the end of the last of the networks. */
    @SuppressWarnings("EI_EXPOSE_REP") // loops read here
    public float[] values() {
        return values;
    }

    /** Begins a step: {@link #norm} is of what is set from here on. */
    public void begin() {
        squares = 0;
    }

    /**
     * Sets the gradient of one layer's weights, (inputs, outputs), to {@code x' delta}.
     *
     * @param x (rows, inputs), off the heap
     * @param delta (rows, outputs), off the heap
     */
    public void multiply(Layers layers, int layer, FloatPointer x, FloatPointer delta) {
        squares += Blas.multiplyTransposedLeft(
                layers.inputs(layer), layers.outputs(layer), rows, x, delta, block, values, layers.weightOffset(layer));
    }

    /**
     * Sets {@code columns} gradients, from {@code offset} on, to {@code x' weights}: sums over the rows.
     *
     * @param x (rows, columns), off the heap
     * @param weights (rows), off the heap
     */
    public void sum(int offset, int columns, FloatPointer x, FloatPointer weights) {
        Blas.columnSums(rows, columns, x, weights, block.pointer());
        block.read(0, columns, values, offset);
        squares += Blas.squares(block, 0, columns);
    }

    /** The Euclidean norm of what was set since {@link #begin}; not finite if any of it is not. */
    public float norm() {
        return (float) Math.sqrt(squares);
    }

    @Override
    public void close() {
        block.close();
    }
}
