package dev.eddy.learn;

/**
 * What the model says of one image, before it is trained on it.
 *
 * @param score the main score, the best single ranking: higher is stranger; comparable between records of a partition
 * @param reconstructionError nats per image, at least 0: cross-entropy of the reconstruction less the image's own entropy
 * @param kl divergence of the posterior from the prior, nats, at least 0
 * @param rapp distance of the activations of image and reconstruction (RaPP's NAP, ICLR 2020), at least 0
 * @param pValue conformal p-value of the main score among recent ones, over 0 to 1
 * @param anomaly whether the p-value is at most {@code anomaly.alpha}; never while warming
 * @param warming whether the calibration is still too short for {@code anomaly.alpha}
 * @param step micro-batches that the model had been trained on
 */
public record Score(
        double score,
        double reconstructionError,
        double kl,
        double rapp,
        double pValue,
        boolean anomaly,
        boolean warming,
        long step) {}
