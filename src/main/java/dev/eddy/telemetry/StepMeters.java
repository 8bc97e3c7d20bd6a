package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one partition's training. The gauges show the last micro-batch and are there from the first one on, that
 * of the model's step from its restore.
 * Written by one thread, read by any.
 */
final class StepMeters {

    /** What one micro-batch did; units as in {@link PartitionMeters#step}. */
    record Step(
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
            double pairAccuracy) {}

    private static final long NONE = -1;

    private final Meters meters;
    private final Counter rejected;
    private final Counter vaeUpdates;
    private final Counter ganUpdates;
    private final Counter discarded;
    private final Timer score;
    private final Timer vae;
    private final Timer gan;
    private final Timer calibration;
    private final Timer snapshot;
    private volatile @Nullable Step last;
    private volatile long modelStep = NONE;

    StepMeters(Meters meters) {
        this.meters = meters;
        rejected = meters.counter(
                "eddy.records.rejected",
                "Records that the gate kept from training; records, at most those received and replayed");
        vaeUpdates = updates("vae");
        ganUpdates = updates("gan");
        discarded = meters.counter(
                "eddy.updates.discarded",
                "Updates of either model discarded for a loss or gradient that was not finite; updates, at least 0");
        score = phase("score");
        vae = phase("vae");
        gan = phase("gan");
        calibration = phase("calibration");
        snapshot = phase("snapshot");
    }

    private Counter updates(String model) {
        return meters.counter("eddy.updates", "Optimizer updates applied; updates, at least 0", "model", model);
    }

    private Timer phase(String phase) {
        return meters.timer(
                "eddy.step.duration",
                "Time of one micro-batch by phase, and of one snapshot; seconds, at least 0",
                "phase",
                phase);
    }

    void record(
            Step step,
            int vaeUpdates,
            int ganUpdates,
            int rejected,
            int discardedUpdates,
            long scoreNanos,
            long vaeNanos,
            long ganNanos,
            long calibrationNanos) {
        boolean first = last == null;
        last = step;
        if (first) {
            registerGauges();
        }
        modelStep(step.step());
        this.vaeUpdates.increment(vaeUpdates);
        this.ganUpdates.increment(ganUpdates);
        this.rejected.increment(rejected);
        this.discarded.increment(discardedUpdates);
        score.record(scoreNanos, TimeUnit.NANOSECONDS);
        vae.record(vaeNanos, TimeUnit.NANOSECONDS);
        gan.record(ganNanos, TimeUnit.NANOSECONDS);
        calibration.record(calibrationNanos, TimeUnit.NANOSECONDS);
    }

    /** The model is at this step, whether it was trained to it here or restored. */
    void modelStep(long step) {
        boolean first = modelStep == NONE;
        modelStep = step;
        if (first) {
            meters.gauge(
                    "eddy.model.step",
                    "",
                    "Micro-batches that the model was trained on; steps, at least 0",
                    this::modelStep);
        }
    }

    void snapshot(long nanos) {
        snapshot.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Micro-batches that the model was trained on; not a number while that is not known. */
    double modelStep() {
        return modelStep == NONE ? Double.NaN : modelStep;
    }

    @Nullable
    Step last() {
        return last;
    }

    /** The gauges are gone; they come again with the next step or restore. */
    void forget() {
        last = null;
        modelStep = NONE;
    }

    private void registerGauges() {
        gauge(
                "eddy.vae.loss",
                "nats",
                "VAE loss of the last step, reconstruction plus weighted KL; nats per image, any",
                Step::vaeLoss);
        gauge(
                "eddy.vae.reconstruction",
                "nats",
                "VAE cross-entropy of the last step; nats per image, at least 0",
                Step::vaeReconstruction);
        gauge(
                "eddy.vae.kl",
                "nats",
                "VAE divergence of the last step, unweighted; nats per image, at least 0",
                Step::vaeKl);
        gauge(
                "eddy.vae.gradient.norm",
                "",
                "Euclidean norm of the VAE's last gradient; no unit, at least 0",
                Step::vaeGradientNorm);
        gauge(
                "eddy.gan.generator.loss",
                "nats",
                "Generator loss of the last step; nats per image, any",
                Step::generatorLoss);
        gauge(
                "eddy.gan.discriminator.loss",
                "nats",
                "Discriminator loss of the last step, penalties included; nats per image, at least 0",
                Step::discriminatorLoss);
        gauge(
                "eddy.gan.generator.gradient.norm",
                "",
                "Euclidean norm of the generator's last gradient; no unit, at least 0",
                Step::generatorGradientNorm);
        gauge(
                "eddy.gan.discriminator.gradient.norm",
                "",
                "Euclidean norm of the discriminator's last gradient; no unit, at least 0",
                Step::discriminatorGradientNorm);
        gauge(
                "eddy.gan.real.accuracy",
                "ratio",
                "Share of real images that the discriminator took for real; 0 to 1",
                Step::realAccuracy);
        gauge(
                "eddy.gan.fake.accuracy",
                "ratio",
                "Share of generated images that the discriminator took for generated; 0 to 1",
                Step::fakeAccuracy);
        gauge(
                "eddy.gan.pair.accuracy",
                "ratio",
                "Share of pairs in which the discriminator took the real image for more real than the generated one; 0"
                        + " to 1, one half when it cannot tell",
                Step::pairAccuracy);
    }

    private void gauge(String name, String unit, String description, ToDoubleFunction<Step> value) {
        meters.gauge(name, unit, description, () -> {
            Step step = last;
            return step == null ? Double.NaN : value.applyAsDouble(step);
        });
    }
}
