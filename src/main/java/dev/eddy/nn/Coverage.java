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
        double[][] nearest = nearest(real);
        int neighbours = Math.min(NEIGHBOURS, real.length - 1);
        int covered = 0;
        for (int i = 0; i < real.length; i++) {
            double radius = neighbours == 0 ? 0 : nearest[i][neighbours - 1];
            boolean near = false;
            for (int j = 0; j < generated.length && !near; j++) {
                near = squaredDistance(real[i], generated[j]) <= radius;
            }
            covered += near ? 1 : 0;
        }
        return (double) covered / real.length;
    }

    /** Squared distances of each vector to its nearest neighbours, ascending; infinite where there are fewer. */
    private static double[][] nearest(float[][] vectors) {
        double[][] nearest = new double[vectors.length][NEIGHBOURS];
        for (int i = 0; i < vectors.length; i++) {
            Arrays.fill(nearest[i], Double.POSITIVE_INFINITY);
            for (int j = 0; j < i; j++) {
                double distance = squaredDistance(vectors[i], vectors[j]); // the same to the bit from either side
                insert(nearest[i], distance);
                insert(nearest[j], distance);
            }
        }
        return nearest;
    }

    private static void insert(double[] ascending, double distance) {
        int place = ascending.length - 1;
        if (distance < ascending[place]) {
            for (; place > 0 && distance < ascending[place - 1]; place--) {
                ascending[place] = ascending[place - 1];
            }
            ascending[place] = distance;
        }
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
