package dev.eddy.nn;

import java.util.Arrays;

/**
 * How much of what is real the generated cover: the share of real vectors with a generated one nearer than their k-th
 * real neighbour (Naeem et al., "Reliable fidelity and diversity metrics", ICML 2020). Unlike a distance of moments it
 * shows modes that were dropped. Takes O(n^2).
 */
public final class Coverage {

    /** The paper's k. */
    static final int NEIGHBOURS = 5;

    private Coverage() {}

    /** Over 0 to 1; with as many of both from one distribution, {@code 1 - 2^-k} is expected. */
    public static double of(float[][] real, float[][] generated) {
        int covered = 0;
        for (int i = 0; i < real.length; i++) {
            double radius = neighbourDistance(real, i);
            boolean near = false;
            for (int j = 0; j < generated.length && !near; j++) {
                near = squaredDistance(real[i], generated[j]) <= radius;
            }
            covered += near ? 1 : 0;
        }
        return (double) covered / real.length;
    }

    /** Squared distance of one vector to its k-th neighbour, or to the last if there are fewer. */
    private static double neighbourDistance(float[][] vectors, int index) {
        double[] nearest = new double[NEIGHBOURS]; // ascending
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (int j = 0; j < vectors.length; j++) {
            double distance = j == index ? Double.POSITIVE_INFINITY : squaredDistance(vectors[index], vectors[j]);
            for (int k = 0; k < NEIGHBOURS && distance < Double.POSITIVE_INFINITY; k++) {
                if (distance < nearest[k]) {
                    double farther = nearest[k];
                    nearest[k] = distance;
                    distance = farther;
                }
            }
        }
        int last = Math.min(NEIGHBOURS, vectors.length - 1) - 1;
        return last < 0 ? 0 : nearest[last];
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double gap = a[i] - b[i];
            sum += gap * gap;
        }
        return sum;
    }
}
