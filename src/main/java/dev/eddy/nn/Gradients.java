package dev.eddy.nn;

import org.bytedeco.javacpp.FloatPointer;

/**
 * The loss by each of the {@link Parameters} of one model, on the heap, where the optimizer reads it. BLAS computes it
 * block by block into the same few rows off the heap, which stay in the cache: gradients as a whole would come and go,
 * since weights, gradients and moments of all networks are more than it holds. Not thread-safe.
 */
public final class Gradients implements AutoCloseable {

    private final float[] values;
    private final Matrix block;
    private double squares;

    /** @param networks all that have their weights in the same {@link Parameters} */
    public Gradients(Layers... networks) {
        int size = 0;
        int largest = 0;
        for (Layers layers : networks) {
            size = Math.max(size, layers.end());
            for (int layer = 0; layer < layers.count(); layer++) {
                largest = Math.max(largest, layers.inputs(layer) * layers.outputs(layer));
            }
        }
        this.values = new float[size];
        this.block = new Matrix(1, largest);
    }

    /** In the order of the parameters. */
    @SuppressWarnings("EI_EXPOSE_REP") // loops read here
    public float[] values() {
        return values;
    }

    /** Sets the gradient of one layer's weights, (inputs, outputs), to {@code x' delta} with x (rows, inputs). */
    public void multiply(Layers layers, int layer, int rows, FloatPointer x, FloatPointer delta) {
        squares += Blas.multiplyTransposedLeft(
                layers.inputs(layer), layers.outputs(layer), rows, x, delta, block, values, layers.weightOffset(layer));
    }

    /** Sets the gradients from {@code offset} on to {@code x' weights} with x (rows, columns): sums over the rows. */
    public void sum(int offset, int rows, int columns, FloatPointer x, FloatPointer weights) {
        Blas.columnSums(rows, columns, x, weights, block.pointer());
        block.read(0, columns, values, offset);
        squares += Blas.squares(block, 0, columns);
    }

    /** The Euclidean norm of what was set since this was last asked for. */
    public float takeNorm() {
        float norm = (float) Math.sqrt(squares);
        squares = 0;
        return norm;
    }

    @Override
    public void close() {
        block.close();
    }
}
