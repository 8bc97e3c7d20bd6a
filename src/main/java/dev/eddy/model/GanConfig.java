package dev.eddy.model;

import java.util.List;

/**
 * What the generative adversarial network is.
 *
 * @param train whether it is trained
 * @param noise dimensions of the generator's input
 * @param generator widths of the generator's hidden layers, from the noise outward
 * @param discriminator widths of the discriminator's hidden layers, from the image inward
 * @param loss how the two play
 * @param gamma weight of the gradient penalties of {@link Loss#RELATIVISTIC}, for pixels in [0, 1]
 * @param learningRate Adam's step size, for both networks
 * @param beta1 Adam's decay of the first moment
 * @param emaDecay decay of the moving average of the generator's weights that samples; 0 samples with the weights
 * @param leak slope of the leaky ReLU below 0, in both networks
 * @param dataInitialisation He initialisation, generator's output bias from the first images, discriminator's input
 *     scaled to [-1, 1], instead of Xavier, 0 and [0, 1]
 * @param replayUpdates updates per micro-batch in all: the first on its images, the others on the VAE's reservoir
 */
public record GanConfig(
        boolean train,
        int noise,
        List<Integer> generator,
        List<Integer> discriminator,
        Loss loss,
        double gamma,
        double learningRate,
        double beta1,
        double emaDecay,
        double leak,
        boolean dataInitialisation,
        int replayUpdates) {

    /** How generator and discriminator play. */
    public enum Loss {
        /** Goodfellow et al. 2014: each side on its own logit, the generator maximises log D. */
        NON_SATURATING,
        /** R3GAN, Huang et al., NeurIPS 2024: logits compared in pairs, gradient penalties on real and fake. */
        RELATIVISTIC
    }

    public GanConfig {
        generator = List.copyOf(generator);
        discriminator = List.copyOf(discriminator);
    }
}
