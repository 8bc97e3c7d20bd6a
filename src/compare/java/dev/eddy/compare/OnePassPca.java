package dev.eddy.compare;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.LAPACKE_ssyev;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.util.Arrays;
import java.util.List;

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
    private final float[] moments; // (size, size), sums of x x'
    private final float[] rows; // (ROWS, size)
    private float[] basis = {}; // (components, size)
    private final float[] mean;
    private long seen;

    OnePassPca(int size, int components) {
        this.size = size;
        this.components = components;
        this.sum = new double[size];
        this.moments = new float[size * size];
        this.rows = new float[ROWS * size];
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
        cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, size, size, ROWS, 1, rows, size, rows, size, 1, moments, size);
        long before = seen;
        seen += batch.size();
        if (before / REFRESH != seen / REFRESH) {
            refresh();
        }
    }

    private void refresh() {
        float[] covariance = new float[size * size];
        for (int i = 0; i < size; i++) {
            mean[i] = (float) (sum[i] / seen);
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                covariance[i * size + j] = moments[i * size + j] / seen - mean[i] * mean[j];
            }
        }
        float[] values = new float[size]; // ascending
        LAPACKE_ssyev(LAPACK_COL_MAJOR, (byte) 'V', (byte) 'U', size, covariance, size, values);
        basis = Arrays.copyOfRange(covariance, (size - components) * size, size * size);
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
