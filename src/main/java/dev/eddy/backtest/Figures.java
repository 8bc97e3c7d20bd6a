package dev.eddy.backtest;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a backtest found. All but the three rates is a function of configuration and files. What cannot be said is
 * null: AUROC without both kinds of images, what concerns samples where they were not judged.
 *
 * @param seed key of all randomness
 * @param records images streamed: scored, then trained on
 * @param steps micro-batches trained on
 * @param vaeUpdates updates of the VAE
 * @param ganUpdates updates of the GAN
 * @param rejected images that the gate kept from training
 * @param discardedUpdates updates discarded because they were not finite
 * @param warming images of the stream that were scored before the calibration was long enough
 * @param flagged images of the stream flagged as anomalies
 * @param driftAlarms alarms over the stream that what is normal has changed
 * @param vaeLoss of the last micro-batch, reconstruction plus weighted KL; this and all losses in nats per image
 * @param vaeReconstruction of the last micro-batch, cross-entropy of the reconstruction
 * @param vaeKl of the last micro-batch, divergence of the posterior from the prior
 * @param generatorLoss of the last micro-batch; null, as the next, if the GAN is not trained
 * @param discriminatorLoss of the last micro-batch, penalties included
 * @param testRecords images of the test: scored, not trained on
 * @param testFlagged images of the test flagged as anomalies
 * @param auroc over the test
 * @param streamAuroc over the stream after its first 2,000 images
 * @param falsePositiveRate share of the test's normal images that were flagged
 * @param detectionRate share of the test's anomalous images that were flagged
 * @param streamFalsePositiveRate share of the stream's normal images that were flagged, warm-up left out
 * @param testNegativeElbo negative evidence lower bound of the test's normal images, grey Bernoulli, one sampled
 *     latent each, nats per image
 * @param frechetDistance of samples and others to the test's normal images
 * @param coverage share of the test's normal images that have a sample near them
 * @param modes classes among samples
 * @param recordsPerSecond of the stream: scored and trained on
 * @param testRecordsPerSecond of the test: scored
 * @param seconds of the whole
 * @param weightsSha256 of the weights at the end
 */
public record Figures(
        long seed,
        long records,
        long steps,
        long vaeUpdates,
        long ganUpdates,
        long rejected,
        long discardedUpdates,
        long warming,
        long flagged,
        long driftAlarms,
        @Nullable Double vaeLoss,
        @Nullable Double vaeReconstruction,
        @Nullable Double vaeKl,
        @Nullable Double generatorLoss,
        @Nullable Double discriminatorLoss,
        long testRecords,
        long testFlagged,
        Auroc auroc,
        Auroc streamAuroc,
        @Nullable Double falsePositiveRate,
        @Nullable Double detectionRate,
        @Nullable Double streamFalsePositiveRate,
        @Nullable Double testNegativeElbo,
        FrechetDistance frechetDistance,
        CoverageShare coverage,
        Modes modes,
        double recordsPerSecond,
        double testRecordsPerSecond,
        double seconds,
        String weightsSha256) {

    /** Area under the ROC curve of each score; {@code main} is the main score's. */
    public record Auroc(
            @Nullable Double main,
            @Nullable Double score,
            @Nullable Double reconstructionError,
            @Nullable Double kl,
            @Nullable Double rapp,
            @Nullable Double crossEntropy) {

        static Auroc of(Collection<ScoredImage> images) {
            return new Auroc(
                    area(Measure.SCORE, images),
                    area(Measure.SCORE, images),
                    area(Measure.RECONSTRUCTION_ERROR, images),
                    area(Measure.KL, images),
                    area(Measure.RAPP, images),
                    area(Measure.CROSS_ENTROPY, images));
        }

        private static @Nullable Double area(Measure measure, Collection<ScoredImage> images) {
            Roc roc = measure.roc(images);
            return roc == null ? null : roc.area();
        }
    }

    /**
     * Frechet distances to the test's normal images, as many of each.
     *
     * @param gan of the GAN's samples; null if it is not trained
     * @param vae of the VAE's samples
     * @param floor of images of the stream: no sample can be expected under it
     * @param collapsed of one picture over and over, the stream's mean: for scale
     * @param features whose features: {@code classifier} (trained on the labels) or {@code encoder} (the VAE's)
     */
    public record FrechetDistance(
            @Nullable Double gan,
            @Nullable Double vae,
            @Nullable Double floor,
            @Nullable Double collapsed,
            @Nullable String features) {}

    /** {@link Coverage} in the same features; {@code ceiling} is that of images of the stream. */
    public record CoverageShare(
            @Nullable Double gan,
            @Nullable Double vae,
            @Nullable Double ceiling) {}

    /**
     * Classes that the classifier finds at least a fifth as often among samples as among the test's normal images.
     *
     * @param of classes among those images
     * @param accuracy the classifier's, over all test images with labels
     */
    public record Modes(
            @Nullable Integer gan,
            @Nullable Integer vae,
            @Nullable Integer of,
            @Nullable Double accuracy) {}
}
