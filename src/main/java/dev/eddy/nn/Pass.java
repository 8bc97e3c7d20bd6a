package dev.eddy.nn;

import java.util.Arrays;
import java.util.Collections;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one network for a fixed number of rows, and the pass through them: forward, and backward where a
 * gradient is wanted. Weights come from the {@link Parameters} it is bound to, gradients go to its {@link Gradients}.
 * Every row is computed by kernels of one shape, so a row's result does not depend on how many rows hold something. Not
 * thread-safe.
 */
public final class Pass implements AutoCloseable {

    /** Values of an array that a loop takes at a time, so that what it works on stays in the first-level cache. */
    private static final int BLOCK = 2048;

    private final Layers layers;
    private final int rows;
    private final Matrix[] activations; // [0] the input, [i] the output of layer i - 1, the last on the heap
    private final Matrix[] deltas; // [i] loss by output of layer i - 1 before its activation; [0] by the input
    private final Parameters weights;
    private final @Nullable Gradients gradients;
    private final FloatPointer[] weightPointers;
    private final Matrix ones; // (rows), to sum over them
    private final float[] scratch; // one row, or a block
    private final float[] slopes; // of a row, or a block
    private final float[] bias;
    private final boolean ownsInput;

    /** A pass with an input of its own. */
    public Pass(Layers layers, int rows, Parameters weights, @Nullable Gradients gradients) {
        this(layers, new Matrix(rows, layers.inputs(0)), true, weights, gradients);
    }

    /** A pass that reads an input which others share. */
    public Pass(Layers layers, Matrix input, Parameters weights, @Nullable Gradients gradients) {
        this(layers, input, false, weights, gradients);
    }

    private Pass(Layers layers, Matrix input, boolean ownsInput, Parameters weights, @Nullable Gradients gradients) {
        this.layers = layers;
        this.rows = input.rows();
        this.ownsInput = ownsInput;
        this.weights = weights;
        this.gradients = gradients;
        int count = layers.count();
        this.activations = new Matrix[count + 1];
        this.deltas = new Matrix[gradients == null ? 0 : count + 1];
        this.weightPointers = new FloatPointer[count];
        this.ones = new Matrix(1, rows);
        Arrays.fill(ones.values(), 1);
        ones.toNative();
        int widest = Collections.max(layers.widths());
        this.scratch = new float[Math.max(widest, BLOCK)];
        this.slopes = new float[Math.max(widest, BLOCK)];
        this.bias = new float[widest];
        activations[0] = input;
        for (int layer = 0; layer < count; layer++) {
            activations[layer + 1] = new Matrix(rows, layers.outputs(layer));
            weightPointers[layer] = weights.pointer(layers.weightOffset(layer));
            if (gradients != null) {
                deltas[layer + 1] = new Matrix(rows, layers.outputs(layer));
            }
        }
        if (gradients != null) {
            deltas[0] = new Matrix(rows, layers.inputs(0));
        }
    }

    public Layers layers() {
        return layers;
    }

    public int rows() {
        return rows;
    }

    /** (rows, inputs): written by the caller, both sides. */
    public Matrix input() {
        return activations[0];
    }

    /** (rows, width) after layer {@code layer - 1}'s activation, off-heap side; 0 is the input, {@link #output} last. */
    public Matrix activation(int layer) {
        if (layer == layers.count()) {
            throw new IllegalArgumentException("what the last layer puts out lies on the heap");
        }
        return activations[layer];
    }

    /** (rows, outputs), heap side. */
    public Matrix output() {
        return activations[layers.count()];
    }

    /** (rows, outputs): the loss by the output, off-heap side; written by the caller before {@link #backward}. */
    public Matrix outputDelta() {
        return deltas[layers.count()];
    }

    /** (rows, inputs): the loss by the input, heap side; after {@code backward(true)}. */
    public Matrix inputDelta() {
        return deltas[0];
    }

    /** Computes the output of the input. */
    public void forward() {
        weights.settle();
        int last = layers.count() - 1;
        for (int layer = 0; layer <= last; layer++) {
            int in = layers.inputs(layer);
            int out = layers.outputs(layer);
            Matrix y = activations[layer + 1];
            Blas.multiply(rows, out, in, activations[layer].pointer(), weightPointers[layer], 0, y.pointer());
            activate(y, layer, layer == last);
        }
    }

    private void activate(Matrix y, int layer, boolean last) {
        int width = layers.outputs(layer);
        System.arraycopy(weights.values(), layers.biasOffset(layer), bias, 0, width);
        for (int row = 0; row < rows; row++) {
            y.readRows(row, 1, scratch);
            if (last) {
                Elementwise.add(scratch, bias, width);
                System.arraycopy(scratch, 0, y.values(), row * width, width);
            } else {
                Elementwise.biasAndLeakyRelu(scratch, bias, width, layers.leak());
                y.writeRowToNative(row, scratch);
            }
        }
    }

    /**
     * Computes the gradients of weights and biases from {@link #outputDelta}.
     *
     * @param toInput whether {@link #inputDelta} is wanted too
     */
    public void backward(boolean toInput) {
        if (gradients == null) {
            throw new IllegalStateException("a pass without gradients has no backward");
        }
        for (int layer = layers.count() - 1; layer >= 0; layer--) {
            int in = layers.inputs(layer);
            int out = layers.outputs(layer);
            FloatPointer delta = deltas[layer + 1].pointer();
            gradients.multiply(layers, layer, activations[layer].pointer(), delta);
            gradients.sum(layers.biasOffset(layer), out, delta, ones.pointer());
            if (layer > 0 || toInput) {
                Matrix below = deltas[layer];
                Blas.multiplyTransposedRight(rows, in, out, delta, weightPointers[layer], 0, below.pointer());
                if (layer > 0) {
                    timesSlopes(below, layer);
                } else {
                    below.toHeap();
                }
            }
        }
    }

    /** Multiplies {@code x}, one row, by the derivative of layer {@code layer - 1}'s activation in row {@code row}. */
    public void timesSlopes(float[] x, int layer, int row) {
        activations[layer].readRows(row, 1, slopes);
        Elementwise.timesLeakyReluSlope(x, slopes, layers.inputs(layer), layers.leak());
    }

    /**
     * Multiplies {@code x}, off-heap side, by the derivative of layer {@code layer - 1}'s activation.
     *
     * @param x (rows, outputs of that layer)
     */
    public void timesSlopes(Matrix x, int layer) {
        int length = rows * layers.inputs(layer);
        for (int from = 0; from < length; from += BLOCK) {
            int count = Math.min(BLOCK, length - from);
            x.read(from, count, scratch, 0);
            activations[layer].read(from, count, slopes, 0);
            Elementwise.timesLeakyReluSlope(scratch, slopes, count, layers.leak());
            x.write(from, count, scratch);
        }
    }

    @Override
    public void close() {
        for (int i = ownsInput ? 0 : 1; i < activations.length; i++) {
            activations[i].close();
        }
        for (Matrix delta : deltas) {
            delta.close();
        }
        ones.close();
    }
}
