package dev.eddy.nn;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.LAPACKE_spotrf_work;
import static org.bytedeco.openblas.global.openblas.LAPACKE_strtri_work;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_ssyrk;

import java.util.Arrays;

/**
 * Distance from a mean under a covariance, {@code sqrt((x - mean)' C^-1 (x - mean))}, both estimated from a window of
 * vectors. Until the first {@link #fit} the mean is 0 and the covariance the identity. The estimate is shrunk towards
 * a multiple of the identity, and may be robust: the maximum-likelihood step of a multivariate Student-t (Lange,
 * Little and Taylor, JASA 1989), in which a vector's weight falls with its squared distance. Not thread-safe.
 */
public final class Mahalanobis implements AutoCloseable {

    /** Degrees of freedom of the Student-t. */
    private static final double FREEDOM = 3;

    /** Re-weighting passes of the first fit; later ones start from the last estimate and need one. */
    private static final int FIRST_PASSES = 4;

    /** Vectors of a window taken at a time: enough that the product which adds them up runs at full speed. */
    private static final int FIT_ROWS = 256;

    private final int dimensions;
    private final double shrinkage;
    private final boolean robust;
    private final float[] mean;
    private final Matrix factor; // (dimensions, dimensions), lower: the inverse of the Cholesky factor
    private final long[] fits = new long[1];
    private final Matrix centred; // (rows, dimensions)
    private final Matrix whitened; // (rows, dimensions)
    private final Matrix covariance; // (dimensions, dimensions), lower
    private final float[] candidate; // the mean of a fit under way
    private final double[] distances;
    private final Matrix fitCentred; // (FIT_ROWS, dimensions)
    private final Matrix fitWhitened; // (FIT_ROWS, dimensions)
    private final double[] fitDistances; // (FIT_ROWS)
    private double[] weights = {}; // of the vectors of a fit
    private final float[] scratch; // one vector

    /**
     * @param rows vectors measured at a time
     * @param shrinkage weight of the identity, 0 to 1
     */
    public Mahalanobis(int rows, int dimensions, double shrinkage, boolean robust) {
        this.dimensions = dimensions;
        this.shrinkage = shrinkage;
        this.robust = robust;
        this.mean = new float[dimensions];
        this.candidate = new float[dimensions];
        this.distances = new double[rows];
        this.fitCentred = new Matrix(FIT_ROWS, dimensions);
        this.fitWhitened = new Matrix(FIT_ROWS, dimensions);
        this.fitDistances = new double[FIT_ROWS];
        this.scratch = new float[dimensions];
        this.factor = new Matrix(dimensions, dimensions);
        this.centred = new Matrix(rows, dimensions);
        this.whitened = new Matrix(rows, dimensions);
        this.covariance = new Matrix(dimensions, dimensions);
        for (int i = 0; i < dimensions; i++) {
            factor.values()[i * dimensions + i] = 1;
        }
        factor.toNative();
    }

    /** Whether a covariance has been estimated. */
    public boolean isFitted() {
        return fits[0] > 0;
    }

    /** (dimensions): what is subtracted first; a copy. */
    public float[] mean() {
        return mean.clone();
    }

    /** (dimensions, dimensions): a distance is the norm of this matrix times the rest; lower triangular, a copy. */
    public float[] factor() {
        return factor.values().clone();
    }

    /** Distances of {@code rows} vectors, (rows, dimensions) from {@code offset} on; the array is this object's own. */
    public double[] distances(float[] vectors, int offset, int rows) {
        distances(vectors, offset, rows, centred, whitened, distances);
        return distances;
    }

    private void distances(float[] vectors, int offset, int rows, Matrix x, Matrix y, double[] result) {
        for (int row = 0; row < rows; row++) {
            centre(vectors, offset + row * dimensions, mean);
            x.writeRowToNative(row, scratch);
        }
        Blas.multiplyTransposedLower(x.rows(), dimensions, x.pointer(), factor.pointer(), y.pointer());
        for (int row = 0; row < rows; row++) {
            result[row] = Math.sqrt(Blas.squares(y, row));
        }
    }

    /**
     * Estimates mean and covariance anew.
     *
     * @param vectors (count, dimensions)
     * @return whether it succeeded; on a covariance that is not positive definite or finite the last one stays
     */
    public boolean fit(float[] vectors, int count) {
        boolean fitted = false;
        for (int pass = robust && !isFitted() ? FIRST_PASSES : 1; pass > 0; pass--) {
            fitted = fitOnce(vectors, count);
            if (!fitted) {
                return false;
            }
            fits[0]++;
        }
        return fitted;
    }

    private boolean fitOnce(float[] vectors, int count) {
        weigh(vectors, count);
        double total = estimateMean(vectors, count);
        float beta = 0;
        for (int start = 0; start < count; start += FIT_ROWS) {
            int n = Math.min(FIT_ROWS, count - start);
            for (int row = 0; row < n; row++) {
                centre(vectors, (start + row) * dimensions, candidate);
                float scale = (float) Math.sqrt(weights[start + row] / total);
                for (int i = 0; i < dimensions; i++) {
                    scratch[i] *= scale;
                }
                fitCentred.writeRowToNative(row, scratch);
            }
            // Column-major upper of (dimensions, n) is this class's row-major lower of the transpose.
            cblas_ssyrk(
                    CblasColMajor,
                    CblasUpper,
                    CblasNoTrans,
                    dimensions,
                    n,
                    1,
                    fitCentred.pointer(),
                    dimensions,
                    beta,
                    covariance.pointer(),
                    dimensions);
            beta = 1;
        }
        covariance.toHeap();
        boolean inverted = invert();
        if (inverted) {
            System.arraycopy(candidate, 0, mean, 0, dimensions);
        }
        return inverted;
    }

    /** The weight of each vector in the estimate: 1, or the Student-t's by its distance under the last estimate. */
    private void weigh(float[] vectors, int count) {
        if (weights.length < count) {
            weights = new double[count];
        }
        if (!robust || !isFitted()) {
            Arrays.fill(weights, 1);
            return;
        }
        for (int start = 0; start < count; start += FIT_ROWS) {
            int n = Math.min(FIT_ROWS, count - start);
            distances(vectors, start * dimensions, n, fitCentred, fitWhitened, fitDistances);
            for (int row = 0; row < n; row++) {
                weights[start + row] = (FREEDOM + dimensions) / (FREEDOM + fitDistances[row] * fitDistances[row]);
            }
        }
    }

    private double estimateMean(float[] vectors, int count) {
        double total = 0;
        Arrays.fill(candidate, 0);
        for (int row = 0; row < count; row++) {
            float weight = (float) weights[row];
            total += weights[row];
            System.arraycopy(vectors, row * dimensions, scratch, 0, dimensions);
            for (int i = 0; i < dimensions; i++) {
                candidate[i] += weight * scratch[i];
            }
        }
        for (int i = 0; i < dimensions; i++) {
            candidate[i] = (float) (candidate[i] / total);
        }
        return total;
    }

    /** One vector less the centre, into {@link #scratch}. */
    private void centre(float[] vectors, int offset, float[] centre) {
        System.arraycopy(vectors, offset, scratch, 0, dimensions);
        Elementwise.subtract(scratch, centre, dimensions);
    }

    /** Shrinks the covariance and puts the inverse of its Cholesky factor into {@link #factor}. */
    private boolean invert() {
        float[] c = covariance.values();
        double trace = 0;
        for (int i = 0; i < dimensions; i++) {
            trace += c[i * dimensions + i];
        }
        if (!(trace > 0) || !Double.isFinite(trace)) {
            return false;
        }
        float keep = (float) (1 - shrinkage);
        float ridge = (float) (shrinkage * trace / dimensions);
        for (int row = 0; row < dimensions; row++) {
            for (int i = 0; i < dimensions; i++) {
                int at = row * dimensions + i;
                c[at] = i < row ? keep * c[at] : i == row ? keep * c[at] + ridge : 0;
            }
        }
        covariance.toNative();
        if (LAPACKE_spotrf_work(LAPACK_COL_MAJOR, (byte) 'U', dimensions, covariance.pointer(), dimensions) != 0
                || LAPACKE_strtri_work(
                                LAPACK_COL_MAJOR, (byte) 'U', (byte) 'N', dimensions, covariance.pointer(), dimensions)
                        != 0) {
            return false;
        }
        covariance.toHeap();
        System.arraycopy(c, 0, factor.values(), 0, c.length);
        factor.toNative();
        return true;
    }

    public void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/fits", fits);
        visitor.floats(name + "/mean", mean);
        visitor.floats(name + "/factor", factor.values());
    }

    /** Takes over what a restoring {@link #visit} has written. */
    public void restored() {
        factor.toNative();
    }

    @Override
    public void close() {
        factor.close();
        centred.close();
        whitened.close();
        fitCentred.close();
        fitWhitened.close();
        covariance.close();
    }
}
