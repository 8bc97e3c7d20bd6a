package dev.eddy.learn;

/**
 * What turns the measures of an image into its score and p-value, frozen: all that a score is a function of besides the
 * VAE's weights and the image. With d the vector of differences of the activations, F {@code factor}, r the
 * reconstruction error and z(x) = (x - mean) / deviation,
 *
 * <pre>
 * rapp   = |F (d - mean)|
 * score  = z(ln max(least, rapp)) + z(ln max(least, r))
 * pValue = (1 + #{recent scores >= score}) / (n + 1)
 * </pre>
 *
 * @param mean (dimensions)
 * @param factor (dimensions, dimensions), row-major, lower triangular
 * @param least what is put in the place of anything smaller before a logarithm
 * @param recent the n recent scores, ascending
 * @param alpha an image is an anomaly when its p-value is at most this
 * @param warming whether there are too few recent scores for that
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ScoreScale(
        float[] mean,
        float[] factor,
        double least,
        double lnRappMean,
        double lnRappDeviation,
        double lnErrorMean,
        double lnErrorDeviation,
        float[] recent,
        double alpha,
        boolean warming) {

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
