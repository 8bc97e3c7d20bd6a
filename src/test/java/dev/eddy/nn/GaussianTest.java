package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GaussianTest {

    /** Vectors whose sample moments are exactly mean 0 (then shifted) and the diagonal of squared scales. */
    private static float[][] cross(double[] scales, double[] shift) {
        int n = scales.length;
        float[][] vectors = new float[2 * n][n];
        double unit = Math.sqrt((2.0 * n - 1) / 2);
        for (int i = 0; i < n; i++) {
            vectors[2 * i][i] = (float) (unit * scales[i]);
            vectors[2 * i + 1][i] = (float) (-unit * scales[i]);
        }
        for (float[] vector : vectors) {
            for (int j = 0; j < n; j++) {
                vector[j] += (float) shift[j];
            }
        }
        return vectors;
    }

    private static float[][] turned(float[][] vectors, double angle) {
        float[][] turned = new float[vectors.length][];
        for (int i = 0; i < vectors.length; i++) {
            double x = vectors[i][0];
            double y = vectors[i][1];
            turned[i] = vectors[i].clone();
            turned[i][0] = (float) (Math.cos(angle) * x - Math.sin(angle) * y);
            turned[i][1] = (float) (Math.sin(angle) * x + Math.cos(angle) * y);
        }
        return turned;
    }

    @Test
    void ofCovariancesThatCommuteItIsTheDistanceOfMeansAndDeviations() {
        double[] zero = new double[3];
        Gaussian a = Gaussian.of(cross(new double[] {1, 2, 3}, zero));
        Gaussian b = Gaussian.of(cross(new double[] {2, 2, 5}, new double[] {1, 2, -2}));
        assertEquals(9 + 1 + 0 + 4, a.frechetDistance(b), 1e-4);
        assertEquals(9 + 1 + 0 + 4, b.frechetDistance(a), 1e-4);
        assertEquals(0, a.frechetDistance(a), 1e-6);
    }

    @Test
    void ofTwoDimensionsItIsTheClosedForm() {
        // trace (A^1/2 B A^1/2)^1/2 of 2 by 2 matrices is sqrt(trace(AB) + 2 sqrt(det(A) det(B))).
        double[] zero = new double[2];
        double angle = 0.7;
        Gaussian a = Gaussian.of(cross(new double[] {1, 3}, zero));
        Gaussian b = Gaussian.of(turned(cross(new double[] {2, 5}, zero), angle));
        double c = Math.cos(angle) * Math.cos(angle);
        double s = 1 - c;
        double traceOfProduct = 1 * (4 * c + 25 * s) + 9 * (4 * s + 25 * c);
        double root = Math.sqrt(traceOfProduct + 2 * Math.sqrt(9.0 * 100));
        assertEquals(10 + 29 - 2 * root, a.frechetDistance(b), 1e-3);
    }

    @Test
    void aPointHasNoSpread() {
        Gaussian spread = Gaussian.of(cross(new double[] {1, 2}, new double[2]));
        Gaussian point = Gaussian.of(new float[][] {{3, 0}});
        assertEquals(9 + 1 + 4, spread.frechetDistance(point), 1e-5);
        assertEquals(9 + 1 + 4, point.frechetDistance(spread), 1e-5);
    }

    @Test
    void samplesOfOneDistributionAreNear() {
        CounterRandom random = new CounterRandom(3, 0);
        float[][] one = new float[4000][20];
        float[][] other = new float[4000][20];
        for (int i = 0; i < one.length; i++) {
            random.normals(one[i], 20);
            random.normals(other[i], 20);
        }
        double distance = Gaussian.of(one).frechetDistance(Gaussian.of(other));
        assertEquals(0, distance, 0.1);
    }
}
