package dev.eddy.nn;

import java.util.Arrays;

/**
 * Adam (Kingma and Ba, ICLR 2015) over all parameters of one network, and the moving average of the weights. In whole
 * sweeps: going block by block, so that each passes through the cache once, takes as long or longer. Not thread-safe.
 */
public final class Adam {

    private static final double EPSILON = 1e-8;

    private final double learningRate;
    private final double beta1;
    private final double beta2;
    private final float[] first; // empty when beta1 is 0: the first moment is the gradient then
    private final float[] second;
    private final long[] updates = new long[1];
    private final long[] seen = new long[1]; // updates in the moments: fewer once they began anew

    public Adam(int size, double learningRate, double beta1, double beta2) {
        this.learningRate = learningRate;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.first = new float[beta1 == 0 ? 0 : size];
        this.second = new float[size];
    }

    /** Updates so far. */
    public long updates() {
        return updates[0];
    }

    /**
     * One update of {@code weights} by {@code gradients}, on the heap; the next pass brings the off-heap side in line.
     *
     * @param average the moving average to move along; the weights themselves for none
     * @param emaDecay its highest decay; the decay of update t is {@code min(emaDecay, (1 + t) / (10 + t))}
     */
    public void update(Parameters weights, Gradients gradients, Parameters average, double emaDecay) {
        long t = ++updates[0];
        double inMoments = ++seen[0];
        double correction = Math.sqrt(1 - Math.pow(beta2, inMoments));
        float rate = (float) (learningRate * correction / (1 - Math.pow(beta1, inMoments)));
        float epsilon = (float) (EPSILON * correction);
        float[] w = weights.values();
        float[] g = gradients.values();
        if (first.length == 0) {
            rmsProp(w, g, second, rate, epsilon, (float) beta2);
        } else {
            adam(w, g, first, second, rate, epsilon, (float) beta1, (float) beta2);
        }
        weights.changed();
        if (average != weights) {
            follow(average.values(), w, (float) (1 - Math.min(emaDecay, (1.0 + t) / (10.0 + t))));
            average.changed();
        }
    }

    private static void adam(
            float[] w, float[] g, float[] m, float[] v, float rate, float epsilon, float beta1, float beta2) {
        float rest1 = 1 - beta1;
        float rest2 = 1 - beta2;
        for (int i = 0; i < w.length; i++) {
            float gradient = g[i];
            float mean = beta1 * m[i] + rest1 * gradient;
            float square = beta2 * v[i] + rest2 * gradient * gradient;
            m[i] = mean;
            v[i] = square;
            w[i] -= rate * mean / ((float) Math.sqrt(square) + epsilon);
        }
    }

    private static void rmsProp(float[] w, float[] g, float[] v, float rate, float epsilon, float beta2) {
        float rest2 = 1 - beta2;
        for (int i = 0; i < w.length; i++) {
            float gradient = g[i];
            float square = beta2 * v[i] + rest2 * gradient * gradient;
            v[i] = square;
            w[i] -= rate * gradient / ((float) Math.sqrt(square) + epsilon);
        }
    }

    private static void follow(float[] average, float[] w, float share) {
        for (int i = 0; i < w.length; i++) {
            average[i] += share * (w[i] - average[i]);
        }
    }

    /** Forgets the moments, whose bias is corrected as after none; the count of updates stays. */
    public void restart() {
        seen[0] = 0;
        Arrays.fill(first, 0);
        Arrays.fill(second, 0);
    }

    /** The count of updates alone, which moving averages and warm-ups go by, under {@code name}. */
    public void visitUpdates(String name, StateVisitor visitor) {
        visitor.longs(name + "/updates", updates);
    }

    /** Moments and the count of updates, under {@code name}. */
    public void visit(String name, StateVisitor visitor) {
        visitUpdates(name, visitor);
        visitor.longs(name + "/seen", seen);
        visitor.floats(name + "/first", first);
        visitor.floats(name + "/second", second);
    }
}
