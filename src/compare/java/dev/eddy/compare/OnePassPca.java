package dev.eddy.compare;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.LAPACKE_ssyevr;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The squared error of reconstruction from the first principal components. Mean and second moments of all images so far
 * are exact; the components follow them every {@link #REFRESH} images.
 */
final class OnePassPca implements Detector {

    private static final int REFRESH = 1024;
    private static final int ROWS = 64;

    private final int size;
    private final int components;
    private final double[] sum;
    private final FloatPointer moments; // (size, size), sums of x x'; off-heap, since BLAS copies what is not
    private final FloatPointer images; // (ROWS, size)
    private final float[] rows; // (ROWS, size)
    private float[] basis = {}; // (components, size)
    private final float[] mean;
    private long seen;

    OnePassPca(int size, int components) {
        this.size = size;
        this.components = components;
        this.sum = new double[size];
        this.rows = new float[ROWS * size];
        this.images = new FloatPointer(rows);
        this.moments = new FloatPointer(new float[size * size]);
        this.mean = new float[size];
    }

    @Override
    public void stream(List<byte[]> images) {
        for (int first = 0; first < images.size(); first += ROWS) {
            List<byte[]> batch = images.subList(first, Math.min(images.size(), first + ROWS));
            test(batch);
            learn(batch);
        }
        refresh();
    }

    private void learn(List<byte[]> batch) {
        Arrays.fill(rows, 0);
        for (int row = 0; row < batch.size(); row++) {
            for (int i = 0; i < size; i++) {
                float value = (batch.get(row)[i] & 0xFF) / 255f;
                rows[row * size + i] = value;
                sum[i] += value;
            }
        }
        images.put(rows);
        cblas_sgemm(
                CblasRowMajor,
                CblasTrans,
                CblasNoTrans,
                size,
                size,
                ROWS,
                1,
                images,
                size,
                new FloatPointer(images),
                size,
                1,
                moments,
                size);
        long before = seen;
        seen += batch.size();
        if (before / REFRESH != seen / REFRESH) {
            refresh();
        }
    }

    private void refresh() {
        float[] covariance = new float[size * size];
        moments.get(covariance);
        for (int i = 0; i < size; i++) {
            mean[i] = (float) (sum[i] / seen);
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                covariance[i * size + j] = covariance[i * size + j] / seen - mean[i] * mean[j];
            }
        }
        basis = new float[components * size];
        LAPACKE_ssyevr(
                LAPACK_COL_MAJOR,
                (byte) 'V',
                (byte) 'I',
                (byte) 'U',
                size,
                covariance,
                size,
                0,
                0,
                size - components + 1, // the largest, of values in ascending order, counted from 1
                size,
                0,
                new int[1],
                new float[size],
                basis,
                size,
                new int[2 * components]);
    }

    @Override
    public double[] test(List<byte[]> images) {
        double[] scores = new double[images.size()];
        float[] centred = new float[size];
        for (int k = 0; k < scores.length; k++) {
            double error = 0;
            for (int i = 0; i < size; i++) {
                centred[i] = (images.get(k)[i] & 0xFF) / 255f - mean[i];
                error += centred[i] * centred[i];
            }
            for (int c = 0; c < basis.length / size; c++) {
                float along = 0;
                for (int i = 0; i < size; i++) {
                    along += basis[c * size + i] * centred[i];
                }
                error -= along * along;
            }
            scores[k] = error;
        }
        return scores;
    }
}
