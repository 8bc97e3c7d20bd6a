package dev.eddy.learn;

import dev.eddy.image.Geometry;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;

/**
 * Everything besides the log that the fold is a function of.
 *
 * @param seed key of all randomness; together with the partition it decides the weights
 * @param geometry shape of the images
 * @param batchSize images in a micro-batch
 * @param maxDiscardedUpdates updates in a row that are not finite after which training stops
 * @param vae the variational autoencoder
 * @param gan the generative adversarial network
 * @param anomaly scores to alarms
 */
public record LearnerConfig(
        long seed,
        Geometry geometry,
        int batchSize,
        int maxDiscardedUpdates,
        VaeConfig vae,
        GanConfig gan,
        AnomalyConfig anomaly) {}
