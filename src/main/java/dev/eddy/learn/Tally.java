package dev.eddy.learn;

import dev.eddy.model.GanLoss;
import dev.eddy.model.VaeLoss;

/** Adds up the updates of one micro-batch for its {@link StepReport}. */
final class Tally {

    int rejected;
    int driftAlarms;
    double driftEvidence;
    private int vaeUpdates;
    private int ganUpdates;
    private int discarded;
    private double vaeLoss;
    private double reconstruction;
    private double kl;
    private double vaeNorm;
    private double generator;
    private double discriminator;
    private double generatorNorm;
    private double discriminatorNorm;
    private double realAccuracy;
    private double fakeAccuracy;
    private double pairAccuracy;

    void start() {
        rejected = driftAlarms = vaeUpdates = ganUpdates = discarded = 0;
        vaeLoss = reconstruction = kl = vaeNorm = 0;
        generator = discriminator = generatorNorm = discriminatorNorm = realAccuracy = fakeAccuracy = pairAccuracy = 0;
    }

    void count(VaeLoss loss) {
        if (!loss.applied()) {
            discarded += loss.finite() ? 0 : 1;
            return;
        }
        vaeUpdates++;
        vaeLoss += loss.total();
        reconstruction += loss.reconstruction();
        kl += loss.kl();
        vaeNorm += loss.gradientNorm();
    }

    void count(GanLoss loss) {
        if (!loss.applied()) {
            discarded += loss.finite() ? 0 : 1;
            return;
        }
        ganUpdates++;
        generator += loss.generator();
        discriminator += loss.discriminator();
        generatorNorm += loss.generatorGradientNorm();
        discriminatorNorm += loss.discriminatorGradientNorm();
        realAccuracy += loss.realAccuracy();
        fakeAccuracy += loss.fakeAccuracy();
        pairAccuracy += loss.pairAccuracy();
    }

    StepReport report(long step, long scoreNanos, long vaeNanos, long ganNanos, long calibrationNanos) {
        int v = Math.max(1, vaeUpdates);
        int g = Math.max(1, ganUpdates);
        return new StepReport(
                step,
                vaeLoss / v,
                reconstruction / v,
                kl / v,
                vaeNorm / v,
                generator / g,
                discriminator / g,
                generatorNorm / g,
                discriminatorNorm / g,
                realAccuracy / g,
                fakeAccuracy / g,
                pairAccuracy / g,
                vaeUpdates,
                ganUpdates,
                rejected,
                driftAlarms,
                driftEvidence,
                discarded,
                scoreNanos,
                vaeNanos,
                ganNanos,
                calibrationNanos);
    }
}
