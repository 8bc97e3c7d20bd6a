package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products against sums in double precision: shapes of one call and of many tiles, with and without remainders. */
class BlasTest {

    private interface Product {
        void run(int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c);
    }

    @ParameterizedTest
    @CsvSource({"3, 5, 7", "1, 1, 1", "32, 256, 784", "64, 784, 100", "65, 241, 129", "200, 113, 801", "16, 1025, 97"})
    void productsAreTheSumsOfProducts(int m, int n, int k) {
        check(m, n, k, false, Blas::multiply);
        check(m, n, k, true, Blas::multiplyTransposedRight);
    }

    private static void check(int m, int n, int k, boolean transposeB, Product product) {
        try (Matrix a = random(m, k, 1);
                Matrix b = random(transposeB ? n : k, transposeB ? k : n, 2);
                Matrix c = random(m, n, 3)) {
            float[] before = c.values().clone();
            for (float beta : new float[] {0, 0.5f}) {
                System.arraycopy(before, 0, c.values(), 0, before.length);
                c.toNative();
                product.run(m, n, k, a.pointer(), b.pointer(), beta, c.pointer());
                c.toHeap();
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        double sum = beta * before[i * n + j];
                        for (int l = 0; l < k; l++) {
                            sum += (double) a.values()[i * k + l] * b.values()[transposeB ? j * k + l : l * n + j];
                        }
                        assertEquals(sum, c.values()[i * n + j], 1e-3, "row " + i + ", column " + j);
                    }
                }
            }
            assertEquals(
                    0,
                    a.pointer().position()
                            + b.pointer().position()
                            + c.pointer().position());
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 5, 7", "1, 1, 1", "784, 256, 32", "256, 784, 100", "241, 65, 129", "113, 200, 301", "97, 1025, 16"})
    void aProductOnTheHeapLiesWhereItBelongs(int m, int n, int k) {
        try (Matrix a = random(k, m, 1);
                Matrix b = random(k, n, 2);
                Matrix block = new Matrix(Blas.rowsAtATime(m, n, k), n)) {
            float[] c = new float[2 + m * n + 1];
            double squares = Blas.multiplyTransposedLeft(m, n, k, a.pointer(), b.pointer(), block, c, 2);
            double all = 0;
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += (double) a.values()[l * m + i] * b.values()[l * n + j];
                    }
                    assertEquals(sum, c[2 + i * n + j], 1e-3, "row " + i + ", column " + j);
                    all += sum * sum;
                }
            }
            assertEquals(all, squares, 1e-4 * all);
            assertArrayEquals(new float[3], new float[] {c[0], c[1], c[c.length - 1]});
            assertEquals(
                    0,
                    a.pointer().position()
                            + b.pointer().position()
                            + block.pointer().position());
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "64, 400", "32, 416", "7, 65", "3, 64"})
    void aTriangleIsMultipliedAsIfItWereWhole(int m, int n) {
        try (Matrix a = random(m, n, 1);
                Matrix l = random(n, n, 2);
                Matrix c = new Matrix(m, n);
                Matrix whole = new Matrix(m, n)) {
            for (int i = 0; i < n * n; i++) {
                l.values()[i] = i % n <= i / n ? l.values()[i] : 0;
            }
            l.toNative();
            Blas.multiplyTransposedLower(m, n, a.pointer(), l.pointer(), c.pointer());
            Blas.multiplyTransposedRight(m, n, n, a.pointer(), l.pointer(), 0, whole.pointer());
            c.toHeap();
            whole.toHeap();
            assertArrayEquals(whole.values(), c.values(), 1e-4f);
        }
    }

    @Test
    void sumsOverRowsAndSquares() {
        try (Matrix x = random(3, 4, 1);
                Matrix weights = random(1, 3, 2);
                Matrix sums = new Matrix(1, 4)) {
            Blas.columnSums(3, 4, x.pointer(), weights.pointer(), sums.pointer());
            sums.toHeap();
            double all = 0;
            for (int i = 0; i < 4; i++) {
                double sum = 0;
                for (int row = 0; row < 3; row++) {
                    sum += weights.values()[row] * x.values()[row * 4 + i];
                    all += x.values()[row * 4 + i] * x.values()[row * 4 + i];
                }
                assertEquals(sum, sums.values()[i], 1e-6);
            }
            assertEquals(all, Blas.squares(x, 0) + Blas.squares(x, 1) + Blas.squares(x, 2), 1e-5);
            assertEquals(all, Blas.squares(x, 0, 12), 1e-5);
        }
    }

    private static Matrix random(int rows, int columns, long seed) {
        Matrix matrix = new Matrix(rows, columns);
        CounterRandom random = new CounterRandom(seed, 0);
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = (float) random.uniform() - 0.5f;
        }
        matrix.toNative();
        return matrix;
    }
}
