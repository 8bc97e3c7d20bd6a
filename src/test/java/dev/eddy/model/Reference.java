package dev.eddy.model;

import dev.eddy.nn.Layers;

/** The same networks in double precision, as plain as they can be written, to differentiate numerically. */
final class Reference {

    private Reference() {}

    /** Output of a network for one input. */
    static double[] forward(Layers layers, double[] weights, double[] input) {
        double[] x = input;
        for (int layer = 0; layer < layers.count(); layer++) {
            double[] y = affine(layers, weights, layer, x);
            if (layer < layers.count() - 1) {
                for (int j = 0; j < y.length; j++) {
                    y[j] = y[j] > 0 ? y[j] : layers.leak() * y[j];
                }
            }
            x = y;
        }
        return x;
    }

    /** Gradient of the only output by the input: the product of weights and slopes. */
    static double[] inputGradient(Layers layers, double[] weights, double[] input) {
        double[][] slopes = new double[layers.count()][];
        double[] x = input;
        for (int layer = 0; layer < layers.count() - 1; layer++) {
            double[] y = affine(layers, weights, layer, x);
            slopes[layer] = new double[y.length];
            for (int j = 0; j < y.length; j++) {
                slopes[layer][j] = y[j] > 0 ? 1 : layers.leak();
                y[j] *= slopes[layer][j];
            }
            x = y;
        }
        double[] gradient = {1};
        for (int layer = layers.count() - 1; layer >= 0; layer--) {
            double[] below = new double[layers.inputs(layer)];
            for (int i = 0; i < below.length; i++) {
                for (int j = 0; j < gradient.length; j++) {
                    below[i] += gradient[j] * weights[layers.weightOffset(layer) + i * gradient.length + j];
                }
                if (layer > 0) {
                    below[i] *= slopes[layer - 1][i];
                }
            }
            gradient = below;
        }
        return gradient;
    }

    private static double[] affine(Layers layers, double[] weights, int layer, double[] x) {
        int out = layers.outputs(layer);
        double[] y = new double[out];
        for (int j = 0; j < out; j++) {
            y[j] = weights[layers.biasOffset(layer) + j];
            for (int i = 0; i < x.length; i++) {
                y[j] += x[i] * weights[layers.weightOffset(layer) + i * out + j];
            }
        }
        return y;
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    static double[] row(float[] values, int row, int width) {
        double[] copy = new double[width];
        for (int i = 0; i < width; i++) {
            copy[i] = values[row * width + i];
        }
        return copy;
    }
}
