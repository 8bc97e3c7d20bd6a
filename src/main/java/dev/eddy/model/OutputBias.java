package dev.eddy.model;

import dev.eddy.nn.Layers;
import dev.eddy.nn.Parameters;

/** Starts a network whose output is a picture at the mean picture, so that it need not learn it. */
final class OutputBias {

    /** Half a grey level: keeps the logit of black and white finite. */
    private static final double MARGIN = 0.5 / 255;

    private OutputBias() {}

    /** Sets the last layer's biases to the logit of {@code meanImage}, each in [0, 1]. */
    static void set(float[] meanImage, Parameters weights, Layers layers) {
        int offset = layers.biasOffset(layers.count() - 1);
        for (int i = 0; i < meanImage.length; i++) {
            double p = Math.min(1 - MARGIN, Math.max(MARGIN, meanImage[i]));
            weights.values()[offset + i] = (float) Math.log(p / (1 - p));
        }
        weights.changed();
    }
}
