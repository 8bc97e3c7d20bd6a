package dev.eddy.learn;

import dev.eddy.image.Geometry;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import java.util.List;

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
 * @param syncEverySteps micro-batches between two contributions to the global weights; 0 for a model of its own
 */
public record LearnerConfig(
        long seed,
        Geometry geometry,
        int batchSize,
        int maxDiscardedUpdates,
        VaeConfig vae,
        GanConfig gan,
        AnomalyConfig anomaly,
        int syncEverySteps) {

    /** Of a model of its own. */
    public LearnerConfig(
            long seed,
            Geometry geometry,
            int batchSize,
            int maxDiscardedUpdates,
            VaeConfig vae,
            GanConfig gan,
            AnomalyConfig anomaly) {
        this(seed, geometry, batchSize, maxDiscardedUpdates, vae, gan, anomaly, 0);
    }

    /** The same, of a model that is one with those of the other partitions. */
    public LearnerConfig synchronised(int everySteps) {
        return new LearnerConfig(seed, geometry, batchSize, maxDiscardedUpdates, vae, gan, anomaly, everySteps);
    }

    /** Whether a model is to be updated on earlier images too, so that there is a reservoir of them. */
    public boolean replays() {
        return vae.replayUpdates() > 1 || gan.replayUpdates() > 1;
    }

    /** Weights of all networks together. */
    public int parameters() {
        int pixels = geometry.size();
        return Math.toIntExact(parameters(pixels, vae.encoder(), 2 * vae.latent())
                + parameters(vae.latent(), vae.decoder(), pixels)
                + parameters(gan.noise(), gan.generator(), pixels)
                + parameters(pixels, gan.discriminator(), 1));
    }

    private static long parameters(int in, List<Integer> widths, int out) {
        long sum = 0;
        long before = in;
        for (int width : widths) {
            sum += (before + 1) * width;
            before = width;
        }
        return sum + (before + 1) * out;
    }
}
