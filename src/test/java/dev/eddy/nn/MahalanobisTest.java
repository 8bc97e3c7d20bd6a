package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MahalanobisTest {

    @Test
    void isTheEuclideanNormBeforeTheFirstFit() {
        try (Mahalanobis mahalanobis = new Mahalanobis(2, 2, 0.05, true)) {
            assertFalse(mahalanobis.isFitted());
            double[] distances = mahalanobis.distances(new float[] {3, 4, 0, 0}, 0, 2);
            assertEquals(5, distances[0], 1e-6);
            assertEquals(0, distances[1], 1e-6);
        }
    }

    /** Two variables with deviations 3 and 0.5 and correlation 0.8: compared with the inverse worked out by hand. */
    @Test
    void measuresUnderTheCovarianceOfTheWindow() {
        int n = 4000;
        float[] vectors = correlated(n, new CounterRandom(1, 0));
        double[] c = covariance(vectors, n);
        double determinant = c[0] * c[2] - c[1] * c[1];
        try (Mahalanobis mahalanobis = new Mahalanobis(64, 2, 0, false)) {
            assertTrue(mahalanobis.fit(vectors, n));
            double[] distances = mahalanobis.distances(new float[] {2, 1, -1, 3}, 0, 2);
            double[] mean = {c[3], c[4]};
            for (int row = 0; row < 2; row++) {
                double x = new double[] {2, -1}[row] - mean[0];
                double y = new double[] {1, 3}[row] - mean[1];
                double expected = Math.sqrt((c[2] * x * x - 2 * c[1] * x * y + c[0] * y * y) / determinant);
                assertEquals(expected, distances[row], 1e-3 * expected);
            }
        }
    }

    @Test
    void outliersHardlyMoveTheRobustEstimate() {
        int n = 1000;
        float[] vectors = correlated(n, new CounterRandom(2, 0));
        for (int row = 0; row < 50; row++) {
            vectors[2 * row] = 40;
            vectors[2 * row + 1] = -40;
        }
        double plain = outlierDistance(vectors, n, false);
        double robust = outlierDistance(vectors, n, true);
        assertTrue(robust > 3 * plain, "plain " + plain + ", robust " + robust);
    }

    private static double outlierDistance(float[] vectors, int n, boolean robust) {
        try (Mahalanobis mahalanobis = new Mahalanobis(64, 2, 0.05, robust)) {
            assertTrue(mahalanobis.fit(vectors, n));
            return mahalanobis.distances(new float[] {40, -40}, 0, 1)[0];
        }
    }

    @Test
    void aWindowThatIsNotFiniteLeavesTheLastEstimate() {
        try (Mahalanobis mahalanobis = new Mahalanobis(2, 2, 0.05, false)) {
            assertFalse(mahalanobis.fit(new float[] {Float.NaN, 1, 2, 3}, 2));
            assertFalse(mahalanobis.fit(new float[] {1, 1, 1, 1}, 2), "no spread, no covariance");
            assertEquals(5, mahalanobis.distances(new float[] {3, 4, 0, 0}, 0, 2)[0], 1e-6);
        }
    }

    private static float[] correlated(int n, CounterRandom random) {
        float[] normals = new float[2 * n];
        random.normals(normals, 2 * n);
        float[] vectors = new float[2 * n];
        for (int row = 0; row < n; row++) {
            vectors[2 * row] = 1 + 3 * normals[2 * row];
            vectors[2 * row + 1] = -2 + 0.5f * (0.8f * normals[2 * row] + 0.6f * normals[2 * row + 1]);
        }
        return vectors;
    }

    /** Variance of x, covariance, variance of y, means of x and y. */
    private static double[] covariance(float[] vectors, int n) {
        double[] mean = new double[2];
        for (int i = 0; i < 2 * n; i++) {
            mean[i % 2] += vectors[i] / n;
        }
        double[] c = new double[5];
        for (int row = 0; row < n; row++) {
            double x = vectors[2 * row] - mean[0];
            double y = vectors[2 * row + 1] - mean[1];
            c[0] += x * x / n;
            c[1] += x * y / n;
            c[2] += y * y / n;
        }
        c[3] = mean[0];
        c[4] = mean[1];
        return c;
    }
}
