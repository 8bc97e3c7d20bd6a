package dev.eddy.nn;

/**
 * Loops over heap arrays with branch-free bodies, which C2 turns into vector instructions. No reduction is written as
 * a running sum (its order would forbid vectors): arrays are halved onto themselves, which is also the more accurate
 * order.
 */
public final class Elementwise {

    /** Where tanh is 1 within a float's last digits. */
    private static final float TANH_LIMIT = 9;

    private Elementwise() {}

    /**
     * {@code y = 1 / (1 + exp(-x))}, within 2e-7. Through tanh(x/2) as a rational function of degree 9 over 8, fitted
     * to least maximal error on [-9, 9]: no table, no branch, no integer, so that it vectorizes.
     */
    public static void sigmoid(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            float h = Math.max(-TANH_LIMIT, Math.min(TANH_LIMIT, 0.5f * x[i]));
            float s = h * h;
            float p = 1.f + s * (0.13381019f + s * (3.4955803e-3f + s * (2.0608953e-5f + s * 1.3354486e-8f)));
            float q = 1 + s * (0.46714336f + s * (0.025876952f + s * (3.285622e-4f + s * 7.776486e-7f)));
            y[i] = Math.max(0, Math.min(1, 0.5f + 0.5f * (h * p / q)));
        }
    }

    /** Adds {@code bias} to each row of {@code x} (rows, width) and applies the leaky ReLU {@code max(x, leak x)}. */
    public static void biasAndLeakyRelu(float[] x, float[] bias, int biasOffset, int rows, int width, float leak) {
        for (int row = 0; row < rows; row++) {
            int offset = row * width;
            for (int i = 0; i < width; i++) {
                float sum = x[offset + i] + bias[biasOffset + i];
                x[offset + i] = Math.max(sum, leak * sum);
            }
        }
    }

    /** Adds {@code bias} to each row of {@code x} (rows, width). */
    public static void bias(float[] x, float[] bias, int biasOffset, int rows, int width) {
        for (int row = 0; row < rows; row++) {
            int offset = row * width;
            for (int i = 0; i < width; i++) {
                x[offset + i] += bias[biasOffset + i];
            }
        }
    }

    /**
     * The leaky ReLU's derivative where its output was {@code activation}: 1 above 0, {@code leak} otherwise. A
     * steep line clamped to [leak, 1] stands for the step, since a choice would not vectorize.
     */
    public static void leakyReluSlope(float[] activation, float[] slope, int length, float leak) {
        for (int i = 0; i < length; i++) {
            slope[i] = Math.min(1, Math.max(leak, activation[i] * 1e30f));
        }
    }

    /** {@code y *= slope} with the leaky ReLU's slope at {@code activation}. */
    public static void timesLeakyReluSlope(float[] y, float[] activation, int length, float leak) {
        for (int i = 0; i < length; i++) {
            y[i] *= Math.min(1, Math.max(leak, activation[i] * 1e30f));
        }
    }

    /** {@code y = a * b}. */
    public static void times(float[] a, float[] b, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = a[i] * b[i];
        }
    }

    /** Column sums of {@code x} (rows, width) into {@code sums} from {@code offset} on. */
    public static void columnSums(float[] x, float[] sums, int offset, int rows, int width) {
        for (int i = 0; i < width; i++) {
            sums[offset + i] = x[i];
        }
        for (int row = 1; row < rows; row++) {
            int start = row * width;
            for (int i = 0; i < width; i++) {
                sums[offset + i] += x[start + i];
            }
        }
    }

    /** Sum of the first {@code length} values of {@code scratch}, which is overwritten. */
    public static double sum(float[] scratch, int length) {
        int n = length;
        while (n > 16) {
            int half = (n + 1) / 2;
            for (int i = 0; i < n - half; i++) {
                scratch[i] += scratch[half + i];
            }
            n = half;
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += scratch[i];
        }
        return sum;
    }

    /** Sum of the natural logarithms of the first {@code length} values, each in [0.5, 1]; they are overwritten. */
    public static double sumOfLogs(float[] scratch, int length) {
        int n = length;
        // Six halvings multiply up to 64 values: at least 2^-64, far from a float's underflow.
        for (int halvings = 0; halvings < 6 && n > 1; halvings++) {
            int half = (n + 1) / 2;
            for (int i = 0; i < n - half; i++) {
                scratch[i] *= scratch[half + i];
            }
            n = half;
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(scratch[i]);
        }
        return sum;
    }
}
