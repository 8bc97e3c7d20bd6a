package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void theRootSquaredIsTheMatrix(int n) {
        CounterRandom random = new CounterRandom(5, n);
        float[] values = new float[n * n];
        random.normals(values, values.length);
        double[][] matrix = new double[n][n]; // a times its transpose, of rank n - 1 at most when n > 1
        double trace = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < Math.max(1, n - 1); k++) {
                    matrix[i][j] += (double) values[i * n + k] * values[j * n + k];
                }
            }
            trace += matrix[i][i];
        }
        SymmetricEigen eigen = new SymmetricEigen(matrix);
        double[][] root = eigen.root();
        double rootTrace = 0;
        for (int i = 0; i < n; i++) {
            rootTrace += root[i][i];
            for (int j = 0; j < n; j++) {
                double product = 0;
                for (int k = 0; k < n; k++) {
                    product += root[i][k] * root[k][j];
                }
                assertEquals(matrix[i][j], product, 1e-10 * trace);
            }
        }
        assertEquals(rootTrace, eigen.traceOfRoot(), 1e-9 * trace);
    }
}
