package dev.eddy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToDoubleFunction;

/** Compares gradients with central differences of a reference loss, parameter by parameter. */
final class GradientCheck {

    private static final double STEP = 1e-6;

    private GradientCheck() {}

    static void check(float[] weights, float[] gradients, ToDoubleFunction<double[]> loss) {
        double[] at = Reference.doubles(weights);
        double largest = 0;
        for (int i = 0; i < at.length; i++) {
            double value = at[i];
            at[i] = value + STEP;
            double above = loss.applyAsDouble(at);
            at[i] = value - STEP;
            double below = loss.applyAsDouble(at);
            at[i] = value;
            double numeric = (above - below) / (2 * STEP);
            largest = Math.max(largest, Math.abs(numeric));
            assertEquals(numeric, gradients[i], 2e-5 + 1e-4 * Math.abs(numeric), "gradient of parameter " + i);
        }
        assertTrue(largest > 1e-3, "the loss does not depend on the parameters: nothing was checked");
    }
}
