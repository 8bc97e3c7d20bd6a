package dev.eddy.learn;

/**
 * How scores become alarms.
 *
 * @param alpha a record is an anomaly when its p-value is at most this, 0 to 1
 * @param window recent main scores that the p-value ranks a record among
 * @param referenceWindow recent normal records over which the RaPP covariance and the standardisation are estimated
 * @param refreshSteps micro-batches between two estimations of the covariance
 * @param shrinkage weight of the scaled identity in the covariance, 0 to 1
 * @param robust whether outliers are down-weighted in the covariance (Student-t)
 * @param neighbours normal records that the latent distance is taken to; 0 leaves it out of the score
 * @param gate whether training skips records over the gate's quantile
 * @param gateQuantile quantile of recent gate scores over which a record is not trained on, 0 to 1
 * @param driftRunLength records between two false drift alarms, on average at least
 */
public record AnomalyConfig(
        double alpha,
        int window,
        int referenceWindow,
        int refreshSteps,
        double shrinkage,
        boolean robust,
        int neighbours,
        boolean gate,
        double gateQuantile,
        double driftRunLength) {}
