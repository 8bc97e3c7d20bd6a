package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ElementwiseTest {

    @Test
    void sigmoidIsWithinItsBound() {
        int n = 400_001;
        float[] x = new float[n];
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i - n / 2) * 1e-4f;
        }
        Elementwise.sigmoid(x, y, n);
        double worst = 0;
        for (int i = 0; i < n; i++) {
            worst = Math.max(worst, Math.abs(y[i] - 1 / (1 + Math.exp(-(double) x[i]))));
            assertTrue(y[i] >= 0 && y[i] <= 1, "sigmoid(" + x[i] + ") = " + y[i]);
        }
        assertTrue(worst < 2e-7, "worst error " + worst);
    }

    @Test
    void sigmoidKeepsWhatIsNotFinite() {
        float[] y = new float[3];
        Elementwise.sigmoid(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, y, 3);
        assertTrue(Float.isNaN(y[0]), "a NaN must reach the loss, where it discards the update");
        assertEquals(1, y[1]);
        assertEquals(0, y[2], 1e-7);
    }

    @Test
    void sumsAreThoseOfTheLoop() {
        for (int n : new int[] {1, 2, 15, 16, 17, 33, 784, 785, 959, 960, 961, 3072}) {
            float[] values = new float[n];
            double sum = 0;
            double logs = 0;
            for (int i = 0; i < n; i++) {
                values[i] = 0.5f + 0.5f * (i * 37 % 101) / 101f;
                sum += values[i];
                logs += Math.log(values[i]);
            }
            assertEquals(sum, Elementwise.sum(values.clone(), n), 1e-4 * n);
            assertEquals(logs, Elementwise.sumOfLogs(values.clone(), n), 1e-5 * n);
        }
    }

    @Test
    void leakyReluAndItsSlope() {
        float[] x = {-2, 0, 3, -1};
        Elementwise.biasAndLeakyRelu(x, new float[] {0, 1, 0, 1}, 4, 0.25f);
        assertArrayEquals(new float[] {-0.5f, 1, 3, 0}, x);
        float[] delta = {4, 2, 2, 4};
        Elementwise.timesLeakyReluSlope(delta, x, 4, 0.25f);
        assertArrayEquals(new float[] {1, 2, 2, 1}, delta);
    }
}
