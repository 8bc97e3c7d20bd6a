package dev.eddy.nn;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas.cblas_snrm2;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The BLAS that ND4J ships, on one thread: a stream thread computes alone, and more of them scale out. Row-major,
 * off-heap, no allocation. Its first use loads ND4J and its natives, 4 to 5 s.
 */
public final class Blas {

    static {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        blas_set_num_threads(1);
    }

    private Blas() {}

    /** Loads the natives, so that the first product does not wait for them; call it early, on a thread of its own. */
    public static void load() {
        try (Matrix a = new Matrix(1, 1)) {
            multiply(1, 1, 1, a.pointer(), a.pointer(), 0, a.pointer());
        }
    }

    /** {@code c = a b + beta c} with a (m, k), b (k, n), c (m, n). */
    public static void multiply(int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, beta, c, n);
    }

    /** {@code c = a' b + beta c} with a (k, m), b (k, n), c (m, n). */
    public static void multiplyTransposedLeft(
            int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, a, m, b, n, beta, c, n);
    }

    /** {@code c = a b' + beta c} with a (m, k), b (n, k), c (m, n). */
    public static void multiplyTransposedRight(
            int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, a, k, b, k, beta, c, n);
    }

    /** The Euclidean norm of the off-heap side of {@code x}. */
    public static float norm(Matrix x) {
        return cblas_snrm2(x.values().length, x.pointer(), 1);
    }
}
