package dev.eddy.nn;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix
 * Computations, 8.5): slow for large matrices, accurate to the last digits, and the same on every machine.
 */
final class SymmetricEigen {

    private static final int MOST_SWEEPS = 60;

    private final int n;
    private final double[][] a; // rotated until it is diagonal
    private final double[][] vectors; // in the rows

    /** @param matrix (n, n), symmetric; left as it is */
    SymmetricEigen(double[][] matrix) {
        this.n = matrix.length;
        this.a = new double[n][];
        this.vectors = new double[n][n];
        double scale = 0;
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
            vectors[i][i] = 1;
            for (double value : a[i]) {
                scale += value * value;
            }
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal() > 1e-26 * scale; sweep++) {
            for (int p = 0; p < n - 1; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(p, q);
                }
            }
        }
    }

    private double offDiagonal() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                sum += 2 * a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    /** Makes a[p][q] zero. */
    private void rotate(int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int i = 0; i < n; i++) {
            double ip = a[i][p];
            double iq = a[i][q];
            a[i][p] = c * ip - s * iq;
            a[i][q] = s * ip + c * iq;
        }
        mix(a[p], a[q], c, s);
        mix(vectors[p], vectors[q], c, s);
    }

    private static void mix(double[] p, double[] q, double c, double s) {
        for (int i = 0; i < p.length; i++) {
            double ip = p[i];
            double iq = q[i];
            p[i] = c * ip - s * iq;
            q[i] = s * ip + c * iq;
        }
    }

    /** The sum of the eigenvalues' square roots, those under 0 by rounding taken as 0. */
    double traceOfRoot() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.sqrt(Math.max(0, a[i][i]));
        }
        return sum;
    }

    /** The symmetric square root of the matrix, (n, n). */
    double[][] root() {
        double[][] root = new double[n][n];
        for (int k = 0; k < n; k++) {
            double value = Math.sqrt(Math.max(0, a[k][k]));
            double[] v = vectors[k];
            for (int i = 0; i < n; i++) {
                double scaled = value * v[i];
                for (int j = 0; j < n; j++) {
                    root[i][j] += scaled * v[j];
                }
            }
        }
        return root;
    }
}
