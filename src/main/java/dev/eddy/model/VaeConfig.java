package dev.eddy.model;

import java.util.List;

/**
 * What the variational autoencoder is.
 *
 * @param train whether it is trained; otherwise it only scores
 * @param encoder widths of the encoder's hidden layers, from the image inward
 * @param latent dimensions of the latent space
 * @param decoder widths of the decoder's hidden layers, from the latent outward
 * @param batchSize images per update; divides the micro-batch
 * @param learningRate Adam's step size
 * @param klWarmupSteps updates over which the weight of the KL term rises linearly from 0 to 1; 0 for none
 * @param emaDecay highest decay of the moving average of the weights that scores; 0 scores with the weights themselves
 * @param dataInitialisation He initialisation and the output bias taken from the first images, instead of Xavier and 0
 * @param replayUpdates updates per micro-batch part in all: the first on the fresh images, the others on a reservoir
 * @param replayCapacity images in the reservoir, when {@code replayUpdates > 1} here or of the GAN
 */
public record VaeConfig(
        boolean train,
        List<Integer> encoder,
        int latent,
        List<Integer> decoder,
        int batchSize,
        double learningRate,
        int klWarmupSteps,
        double emaDecay,
        boolean dataInitialisation,
        int replayUpdates,
        int replayCapacity) {

    public VaeConfig {
        encoder = List.copyOf(encoder);
        decoder = List.copyOf(decoder);
    }
}
