package dev.eddy.bench;

import dev.eddy.nn.Blas;
import dev.eddy.nn.Matrix;

/** The fastest matrix product of this machine and thread: the limit that the learner is measured against. */
final class BestGemm implements AutoCloseable {

    private static final int[][] SHAPES = {
        {32, 64, 400}, {256, 256, 256}, {384, 384, 384}, {512, 512, 512}, {1024, 1024, 1024}
    };

    private final Matrix a = new Matrix(1024, 1024);
    private final Matrix b = new Matrix(1024, 1024);
    private final Matrix c = new Matrix(1024, 1024);

    /** The best rate over the shapes tried, in floating-point operations a second. */
    double rate() {
        double best = 0;
        for (int[] shape : SHAPES) {
            double operations = 2.0 * shape[0] * shape[1] * shape[2];
            int times = (int) (4e8 / operations) + 1;
            long start = Clock.nanos();
            for (int i = 0; i < times; i++) {
                Blas.multiply(shape[0], shape[1], shape[2], a.pointer(), b.pointer(), 0, c.pointer());
            }
            best = Math.max(best, 1e9 * operations * times / (Clock.nanos() - start));
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
