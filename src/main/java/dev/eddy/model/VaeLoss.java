package dev.eddy.model;

/** What one update of the VAE saw; in nats per image, written anew by each update. */
public final class VaeLoss {

    double reconstruction;
    double kl;
    double klWeight;
    double gradientNorm;
    boolean applied;
    boolean finite;

    /** Cross-entropy of the reconstruction. */
    public double reconstruction() {
        return reconstruction;
    }

    /** Divergence of the posterior from the prior, unweighted. */
    public double kl() {
        return kl;
    }

    /** Reconstruction plus weighted KL: what is minimised. */
    public double total() {
        return reconstruction + klWeight * kl;
    }

    /** Euclidean norm of the gradient. */
    public double gradientNorm() {
        return gradientNorm;
    }

    /** Whether the update was applied: not when loss or gradient were not finite, or no image had weight. */
    public boolean applied() {
        return applied;
    }

    /** Whether loss and gradients were finite; true also when no image had weight, so that there was nothing to do. */
    public boolean finite() {
        return finite;
    }
}
