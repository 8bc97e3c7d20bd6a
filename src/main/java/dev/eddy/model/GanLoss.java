package dev.eddy.model;

/** What one update of the GAN saw; means over the micro-batch, written anew by each update. */
public final class GanLoss {

    double generator;
    double discriminator;
    double generatorGradientNorm;
    double discriminatorGradientNorm;
    double realAccuracy;
    double fakeAccuracy;
    double pairAccuracy;
    boolean applied;
    boolean finite;

    /** The generator's loss, nats. */
    public double generator() {
        return generator;
    }

    /** The discriminator's loss with its penalties, nats. */
    public double discriminator() {
        return discriminator;
    }

    /** Euclidean norm of the generator's gradient. */
    public double generatorGradientNorm() {
        return generatorGradientNorm;
    }

    /** Euclidean norm of the discriminator's gradient. */
    public double discriminatorGradientNorm() {
        return discriminatorGradientNorm;
    }

    /** Share of real images with a logit over 0. */
    public double realAccuracy() {
        return realAccuracy;
    }

    /** Share of generated images with a logit under 0. */
    public double fakeAccuracy() {
        return fakeAccuracy;
    }

    /** Share of pairs whose real image has the higher logit: one half when the discriminator cannot tell. */
    public double pairAccuracy() {
        return pairAccuracy;
    }

    /** Whether the update was applied: not when a loss or gradient was not finite, or no image had weight. */
    public boolean applied() {
        return applied;
    }

    /** Whether loss and gradients were finite; true also when no image had weight, so that there was nothing to do. */
    public boolean finite() {
        return finite;
    }
}
