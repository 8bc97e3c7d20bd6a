package dev.eddy.nn;

/** Mean and covariance of a set of vectors, and how far two such sets are apart. */
public final class Gaussian {

    private final double[] mean;
    private final double[][] covariance;

    private Gaussian(double[] mean, double[][] covariance) {
        this.mean = mean;
        this.covariance = covariance;
    }

    /** The moments of at least one vector; the covariance of one is 0. */
    public static Gaussian of(float[][] vectors) {
        int n = vectors[0].length;
        double[] mean = new double[n];
        for (float[] vector : vectors) {
            for (int i = 0; i < n; i++) {
                mean[i] += vector[i] / (double) vectors.length;
            }
        }
        double[][] covariance = new double[n][n];
        double[] centred = new double[n];
        double share = 1.0 / Math.max(1, vectors.length - 1);
        for (float[] vector : vectors) {
            for (int i = 0; i < n; i++) {
                centred[i] = vector[i] - mean[i];
            }
            for (int i = 0; i < n; i++) {
                double scaled = share * centred[i];
                double[] row = covariance[i];
                for (int j = 0; j < n; j++) {
                    row[j] += scaled * centred[j];
                }
            }
        }
        return new Gaussian(mean, covariance);
    }

    /**
     * The Frechet distance of the two normal distributions, squared as is the custom (Heusel et al., NIPS 2017):
     * {@code |m1 - m2|^2 + trace(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2)}.
     */
    public double frechetDistance(Gaussian other) {
        int n = mean.length;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double gap = mean[i] - other.mean[i];
            sum += gap * gap + covariance[i][i] + other.covariance[i][i];
        }
        double[][] root = new SymmetricEigen(covariance).root();
        double[][] product = multiply(multiply(root, other.covariance), root);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                product[i][j] = product[j][i] = (product[i][j] + product[j][i]) / 2;
            }
        }
        return Math.max(0, sum - 2 * new SymmetricEigen(product).traceOfRoot());
    }

    private static double[][] multiply(double[][] a, double[][] b) {
        int n = a.length;
        double[][] product = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double value = a[i][k];
                for (int j = 0; j < n; j++) {
                    product[i][j] += value * b[k][j];
                }
            }
        }
        return product;
    }
}
