package dev.eddy.nn;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_sdot;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sgemv;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The BLAS that ND4J computes with, on one thread: a stream thread computes alone, and more of them scale out.
 * Row-major, off-heap but for gradients, no allocation. Its first use loads ND4J and its natives, 4 to 5 s.
 *
 * <p>On processors with AVX-512 a product is computed tile by tile. OpenBLAS has kernels there that read matrices as
 * they lie, for at most 10^6 multiplications a call; beyond that it packs both matrices first, which for the few rows
 * of a micro-batch costs as much as multiplying. Measured on a Zen 4, of 100 GFLOP/s at best for large matrices: 69 in
 * one call and 115 in tiles for (32, 784) by (784, 256), 85 and 116 for 64 rows. Without AVX-512 one call is faster.
 * Shapes and processor alone decide the tiles, so a product is the same to the last bit on every run.
 */
public final class Blas {

    private static final long UNPACKED = 1_000_000; // sgemm_small_kernel_permit of OpenBLAS's SKYLAKEX kernels
    private static final int AVX512 = 3; // in ND4J's numbering
    private static final int TRIANGLE = 64;
    private static final int FEW_TERMS = 16; // of which a tile would be over before its call is
    private static final boolean TILED;

    static {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        blas_set_num_threads(1);
        TILED = NativeOpsHolder.getInstance().getDeviceNativeOps().optimalLevel() >= AVX512;
    }

    private Blas() {}

    /** Loads the natives, so that the first product does not wait for them; call it early, on a thread of its own. */
    public static void load() {
        try (Matrix a = new Matrix(1, 1);
                Matrix b = new Matrix(1, 1);
                Matrix c = new Matrix(1, 1)) {
            multiply(1, 1, 1, a.pointer(), b.pointer(), 0, c.pointer());
        }
    }

    /**
     * {@code c = a b + beta c} with a (m, k), b (k, n), c (m, n). Distinct pointer objects, of this thread: their
     * positions are moved during the call. So in all products.
     */
    public static void multiply(int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        boolean tiled = isTiled(m, n, k);
        int tileM = tile(tiled, m, 32);
        int tileN = tile(tiled, n, 64);
        int tileK = tile(tiled, k, 400);
        product(CblasNoTrans, CblasNoTrans, m, n, k, tileM, tileN, tileK, a, k, b, n, beta, c, n);
    }

    /**
     * {@code c = a' b} with a (k, m), b (k, n), c (m, n) on the heap from {@code offset} on.
     *
     * @param block through which c goes: {@link #rowsAtATime} rows of n
     * @return the sum of squares of c
     */
    static double multiplyTransposedLeft(
            int m, int n, int k, FloatPointer a, FloatPointer b, Matrix block, float[] c, int offset) {
        boolean tiled = isTiled(m, n, k);
        int rows = rowsAtATime(m, n, k);
        int tileN = tile(tiled, n, 64);
        int tileK = tile(tiled, k, 128);
        long fromA = a.position();
        double squares = 0;
        for (int i = 0; i < m; i += rows) {
            int count = Math.min(rows, m - i);
            a.position(fromA + i);
            product(CblasTrans, CblasNoTrans, count, n, k, rows, tileN, tileK, a, m, b, n, 0, block.pointer(), n);
            squares += squares(block, 0, count * n);
            block.read(0, count * n, c, offset + i * n);
        }
        a.position(fromA);
        return squares;
    }

    /** How many rows {@link #multiplyTransposedLeft} computes at a time: those of a tile, or all in one call. */
    static int rowsAtATime(int m, int n, int k) {
        return Math.min(m, tile(isTiled(m, n, k), m, 96));
    }

    /** {@code c = a b' + beta c} with a (m, k), b (n, k), c (m, n). */
    public static void multiplyTransposedRight(
            int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        byTransposed(m, n, k, a, k, b, k, beta, c, n);
    }

    /**
     * {@code c = a l'} with a (m, n), l (n, n) lower triangular with zeros above its diagonal, c (m, n): in columns of
     * c, so that little more than half of the multiplications are done.
     */
    static void multiplyTransposedLower(int m, int n, FloatPointer a, FloatPointer l, FloatPointer c) {
        long fromL = l.position();
        long fromC = c.position();
        for (int j = 0; j < n; j += TRIANGLE) {
            int width = Math.min(TRIANGLE, n - j);
            l.position(fromL + (long) j * n);
            c.position(fromC + j);
            byTransposed(m, width, j + width, a, n, l, n, 0, c, n);
        }
        l.position(fromL);
        c.position(fromC);
    }

    private static void byTransposed(
            int m,
            int n,
            int k,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            float beta,
            FloatPointer c,
            int strideC) {
        boolean tiled = isTiled(m, n, k);
        int tileM = tile(tiled, m, 64);
        int tileN = tile(tiled, n, tileM > 32 ? 16 : 32);
        int tileK = tile(tiled, k, 800);
        product(CblasNoTrans, CblasTrans, m, n, k, tileM, tileN, tileK, a, strideA, b, strideB, beta, c, strideC);
    }

    /** Parts of at most {@code most}, a multiple of 16, as even as multiples of 16 allow; one if not tiled. */
    private static int tile(boolean tiled, int length, int most) {
        if (!tiled) {
            return length;
        }
        int parts = (length + most - 1) / most;
        return ((length + parts - 1) / parts + 15) & ~15;
    }

    private static boolean isTiled(int m, int n, int k) {
        return TILED && k > FEW_TERMS && (long) m * n * k > UNPACKED;
    }

    private static void product(
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            int tileM,
            int tileN,
            int tileK,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            float beta,
            FloatPointer c,
            int strideC) {
        long fromA = a.position();
        long fromB = b.position();
        long fromC = c.position();
        // A tile of c stays in the cache until it is done, and what it is made of as long as others need it, too.
        int down = (m + tileM - 1) / tileM;
        int across = (n + tileN - 1) / tileN;
        for (int tile = 0; tile < down * across; tile++) {
            int i = tile % down * tileM;
            int j = tile / down * tileN;
            c.position(fromC + (long) i * strideC + j);
            for (int l = 0; l < k; l += tileK) {
                a.position(fromA + (transposeA == CblasTrans ? (long) l * strideA + i : (long) i * strideA + l));
                b.position(fromB + (transposeB == CblasTrans ? (long) j * strideB + l : (long) l * strideB + j));
                cblas_sgemm(
                        CblasRowMajor,
                        transposeA,
                        transposeB,
                        Math.min(tileM, m - i),
                        Math.min(tileN, n - j),
                        Math.min(tileK, k - l),
                        1,
                        a,
                        strideA,
                        b,
                        strideB,
                        l == 0 ? beta : 1,
                        c,
                        strideC);
            }
        }
        a.position(fromA);
        b.position(fromB);
        c.position(fromC);
    }

    /** {@code y = x' weights} with x (rows, columns): sums over the rows. */
    static void columnSums(int rows, int columns, FloatPointer x, FloatPointer weights, FloatPointer y) {
        cblas_sgemv(CblasRowMajor, CblasTrans, rows, columns, 1, x, columns, weights, 1, 0, y, 1);
    }

    /** The sum of squares of one row of the off-heap side of {@code x}. */
    public static float squares(Matrix x, int row) {
        return squares(x, row * x.columns(), x.columns());
    }

    /** The sum of squares of {@code count} values of the off-heap side of {@code x}, from {@code from} on. */
    static float squares(Matrix x, int from, int count) {
        FloatPointer values = x.pointer();
        long first = values.position();
        values.position(first + from);
        float sum = cblas_sdot(count, values, 1, values, 1);
        values.position(first);
        return sum;
    }
}
