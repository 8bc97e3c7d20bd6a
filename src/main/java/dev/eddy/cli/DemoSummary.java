package dev.eddy.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a demonstration came to. {@code received = scored + deadLettered}. Losses are those of the last micro-batch, in
 * nats per image, means over the partitions; what cannot be said yet is null.
 *
 * @param received records read from the input topic
 * @param scored valid images with a score
 * @param deadLettered records that were no image
 * @param anomalies images flagged
 * @param vaeSteps updates of the VAE
 * @param ganSteps updates of the GAN
 * @param vaeLoss reconstruction plus weighted KL
 * @param vaeReconstruction cross-entropy of the reconstruction
 * @param vaeKl divergence of the posterior from the prior
 * @param generatorLoss the generator's loss
 * @param discriminatorLoss the discriminator's loss, penalties included
 * @param auroc how well the scores tell damaged images, those during the warm-up left out; 0.5 is chance, 1 perfect
 * @param samplesPublished images generated and published
 * @param recordsPerSecond scored, by the time from the first image sent to the last score seen by a reader of committed
 *     records
 * @param firstScoreSeconds from the start of the process to the first score seen by that reader
 */
record DemoSummary(
        long received,
        long scored,
        long deadLettered,
        long anomalies,
        long vaeSteps,
        long ganSteps,
        @Nullable Double vaeLoss,
        @Nullable Double vaeReconstruction,
        @Nullable Double vaeKl,
        @Nullable Double generatorLoss,
        @Nullable Double discriminatorLoss,
        @Nullable Double auroc,
        long samplesPublished,
        double recordsPerSecond,
        double firstScoreSeconds) {

    /** From what {@code /metrics} says and what the follower has seen. */
    static DemoSummary of(MetricsText metrics, ScoreFollower scores, long feedStartNanos, double firstScoreSeconds) {
        long deadLettered = metrics.count("eddy_records_dead_lettered_total");
        double seconds = (scores.lastNanos() - feedStartNanos) / 1e9;
        return new DemoSummary(
                metrics.count("eddy_records_received_total") + deadLettered,
                metrics.count("eddy_records_scored_total"),
                deadLettered,
                metrics.count("eddy_records_anomalous_total"),
                metrics.count("eddy_updates_total", "model=\"vae\""),
                metrics.count("eddy_updates_total", "model=\"gan\""),
                finite(metrics.mean("eddy_vae_loss_nats")),
                finite(metrics.mean("eddy_vae_reconstruction_nats")),
                finite(metrics.mean("eddy_vae_kl_nats")),
                finite(metrics.mean("eddy_gan_generator_loss_nats")),
                finite(metrics.mean("eddy_gan_discriminator_loss_nats")),
                finite(scores.auroc()),
                metrics.count("eddy_samples_published_total"),
                scores.scored() / seconds,
                firstScoreSeconds);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** For people. */
    String text() {
        return String.format(
                Locale.ROOT,
                """
                %d records received, %d scored (%d flagged), %d dead letters
                %d VAE steps: loss %s nats per image (reconstruction %s, KL %s)
                %d GAN steps: generator loss %s, discriminator loss %s
                AUROC of the damaged images after warm-up: %s
                %d samples published
                %.0f records a second, first score after %.1f s""",
                received,
                scored,
                anomalies,
                deadLettered,
                vaeSteps,
                number(vaeLoss),
                number(vaeReconstruction),
                number(vaeKl),
                ganSteps,
                number(generatorLoss),
                number(discriminatorLoss),
                number(auroc),
                samplesPublished,
                recordsPerSecond,
                firstScoreSeconds);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "none yet" : String.format(Locale.ROOT, "%.3f", value);
    }
}
