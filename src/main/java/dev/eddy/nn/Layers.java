package dev.eddy.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of a multilayer perceptron: fully connected layers with a leaky ReLU between them and none after the last.
 * Its weights lie in {@link Parameters} from {@code offset} on, layer by layer: weights (inputs, outputs) row-major,
 * then biases (outputs).
 *
 * @param widths inputs, hidden widths, outputs; at least two
 * @param offset place of the first weight
 * @param leak slope of the leaky ReLU below 0; 0 is the plain ReLU
 */
public record Layers(List<Integer> widths, int offset, float leak) {

    public Layers {
        widths = List.copyOf(widths);
        if (widths.size() < 2) {
            throw new IllegalArgumentException("a network has at least inputs and outputs: " + widths);
        }
    }

    /** A network from {@code inputs} through {@code hidden} to {@code outputs}. */
    public static Layers of(int inputs, List<Integer> hidden, int outputs, int offset, double leak) {
        List<Integer> widths = new ArrayList<>();
        widths.add(inputs);
        widths.addAll(hidden);
        widths.add(outputs);
        return new Layers(widths, offset, (float) leak);
    }

    /** The number of layers with weights. */
    public int count() {
        return widths.size() - 1;
    }

    public int inputs(int layer) {
        return widths.get(layer);
    }

    public int outputs(int layer) {
        return widths.get(layer + 1);
    }

    public int weightOffset(int layer) {
        int at = offset;
        for (int i = 0; i < layer; i++) {
            at += (inputs(i) + 1) * outputs(i);
        }
        return at;
    }

    public int biasOffset(int layer) {
        return weightOffset(layer) + inputs(layer) * outputs(layer);
    }

    /** The place after the last bias. */
    public int end() {
        return weightOffset(count());
    }

    /**
     * Draws the weights; biases become 0. He et al. 2015 keeps the variance through leaky ReLUs, Glorot and Bengio
     * 2010 (Xavier) through linear maps.
     *
     * @param he He for the hidden layers and Xavier for the last; otherwise Xavier for all
     */
    public void initialise(float[] values, CounterRandom random, boolean he) {
        for (int layer = 0; layer < count(); layer++) {
            int in = inputs(layer);
            int out = outputs(layer);
            double variance = he && layer < count() - 1 ? 2.0 / (in * (1 + leak * leak)) : 2.0 / (in + out);
            float scale = (float) Math.sqrt(variance);
            float[] normals = new float[in * out];
            random.normals(normals, normals.length);
            int at = weightOffset(layer);
            for (int i = 0; i < normals.length; i++) {
                values[at + i] = scale * normals[i];
            }
            Arrays.fill(values, biasOffset(layer), biasOffset(layer) + out, 0);
        }
    }
}
