package dev.eddy.bench;

import dev.eddy.nn.Blas;
import dev.eddy.nn.Matrix;

/** The fastest matrix product of this machine and thread: the limit that the learner is measured against. */
final class BestGemm implements AutoCloseable {

    private static final int[] SIZES = {256, 384, 512};

    private final Matrix a = new Matrix(512, 512);
    private final Matrix b = new Matrix(512, 512);
    private final Matrix c = new Matrix(512, 512);

    /** The best rate over the sizes tried, in floating-point operations a second. */
    double rate() {
        double best = 0;
        for (int n : SIZES) {
            int times = (int) (2e8 / n / n / n) + 1;
            long start = Clock.nanos();
            for (int i = 0; i < times; i++) {
                Blas.multiply(n, n, n, a.pointer(), b.pointer(), 0, c.pointer());
            }
            best = Math.max(best, 2e9 * n * n * n * times / (Clock.nanos() - start));
        }
        return best;
    }

    @Override
    public void close() {
        a.close();
        b.close();
        c.close();
    }
}
