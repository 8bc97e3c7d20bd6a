package dev.eddy.learn;

/**
 * What one micro-batch did to the models. Losses are in nats per image, means over the updates of the micro-batch.
 *
 * @param step micro-batches trained on, this one included
 * @param vaeLoss reconstruction plus weighted KL
 * @param vaeReconstruction cross-entropy of the reconstruction
 * @param vaeKl divergence of the posterior from the prior, unweighted
 * @param vaeGradientNorm Euclidean norm of the VAE's gradient
 * @param generatorLoss the generator's loss
 * @param discriminatorLoss the discriminator's loss, penalties included
 * @param generatorGradientNorm Euclidean norm of the generator's gradient
 * @param discriminatorGradientNorm Euclidean norm of the discriminator's gradient
 * @param realAccuracy share of real images with a logit over 0
 * @param fakeAccuracy share of generated images with a logit under 0
 * @param pairAccuracy share of pairs whose real image has the higher logit; one half when nothing is told apart
 * @param vaeUpdates updates of the VAE in this micro-batch
 * @param ganUpdates updates of the GAN in this micro-batch
 * @param rejected images that the gate kept from training
 * @param driftAlarms alarms raised by the images of this micro-batch: what is normal has changed
 * @param driftEvidence evidence for a change after it, 0 to {@code anomaly.drift.run.length}
 * @param discardedUpdates updates discarded for a loss or gradient that was not finite
 * @param scoreNanos time of the scoring pass
 * @param vaeNanos time of the VAE's updates
 * @param ganNanos time of the GAN's updates
 * @param calibrationNanos time of the calibration
 */
public record StepReport(
        long step,
        double vaeLoss,
        double vaeReconstruction,
        double vaeKl,
        double vaeGradientNorm,
        double generatorLoss,
        double discriminatorLoss,
        double generatorGradientNorm,
        double discriminatorGradientNorm,
        double realAccuracy,
        double fakeAccuracy,
        double pairAccuracy,
        int vaeUpdates,
        int ganUpdates,
        int rejected,
        int driftAlarms,
        double driftEvidence,
        int discardedUpdates,
        long scoreNanos,
        long vaeNanos,
        long ganNanos,
        long calibrationNanos) {}
