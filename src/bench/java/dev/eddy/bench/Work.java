package dev.eddy.bench;

/** What is measured. */
public enum Work {
    /** One update of the VAE: noise, forward, backward, Adam, moving average. */
    VAE("vaeStepRatio"),
    /** One update of both networks of the GAN, gradient penalties included where the preset has them. */
    GAN("ganStepRatio"),
    /** Reconstruction, its second pass through the encoder, cross-entropy, KL and RaPP distance of a micro-batch. */
    SCORE("scoreRatio"),
    /** A micro-batch of bytes through the whole fold: scores, p-values, gate, both updates, calibration. */
    LEARNER("learnerRatio");

    /** The name of its figure in the report. */
    public final String figure;

    Work(String figure) {
        this.figure = figure;
    }
}
