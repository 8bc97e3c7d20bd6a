package dev.eddy.learn;

/**
 * What turns the measures of an image into its score and p-value, frozen: all that a score is a function of besides the
 * VAE's weights and the image. With d the vector of differences of the activations, F {@code factor}, m the mean of the
 * posterior, r the reconstruction error and z(x) = (x - centre) / spread,
 *
 * <pre>
 * rapp   = |F (d - mean)|
 * latent = root of the mean squared distance of m to the nearest {@code nearest} of {@code neighbours}
 * score  = sum over r, rapp and latent of  weight z(ln max(least, x))
 * pValue = (1 + #{recent scores >= score}) / (n + 1)
 * </pre>
 *
 * @param mean (dimensions)
 * @param factor (dimensions, dimensions), row-major, lower triangular
 * @param neighbours (any, latent)
 * @param nearest how many of them count; 0 if the latent distance does not
 * @param least what is put in the place of anything smaller before a logarithm
 * @param recent the n recent scores, ascending
 * @param alpha an image is an anomaly when its p-value is at most this
 * @param warming whether p-values are not yet to be relied on
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ScoreScale(
        float[] mean,
        float[] factor,
        float[] neighbours,
        int nearest,
        double least,
        Measure error,
        Measure rapp,
        Measure latent,
        float[] recent,
        double alpha,
        boolean warming) {

    /** How the logarithm of a measure counts; a weight of 0 leaves it out. */
    public record Measure(double weight, double centre, double spread) {}

    /** Images with a score over this are anomalies, and no others; infinite while warming. */
    public double threshold() {
        if (warming) {
            return Double.POSITIVE_INFINITY;
        }
        int above = recent.length; // of the recent scores, how many may be at least as high
        while (above >= 0 && (above + 1.0) / (recent.length + 1.0) > alpha) {
            above--;
        }
        return above < 0
                ? Double.POSITIVE_INFINITY
                : above == recent.length ? Double.NEGATIVE_INFINITY : recent[recent.length - 1 - above];
    }
}
