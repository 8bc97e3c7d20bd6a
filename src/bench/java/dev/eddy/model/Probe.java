package dev.eddy.model;

import java.util.List;

/** Lets the benchmark hand one step's weights and noise to another implementation and read its gradients. */
public final class Probe {

    private Probe() {}

    /** Losses of one step, its inputs as arrays for the other side, and its gradients. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Step(double[] losses, List<float[]> inputs, List<float[]> gradients) {}

    /** Gradients of the VAE without an update, in the order and form that the peer answers in. */
    public static Step vae(Vae vae, float[] noise, float[] importance) {
        VaeLoss loss = vae.computeGradients(importance, 0, noise);
        return new Step(
                new double[] {loss.reconstruction(), loss.kl()},
                List.of(vae.weights().values(), vae.input(), noise, importance),
                List.of(vae.gradients().values()));
    }

    /** Gradients of both networks of the GAN without an update. */
    public static Step gan(Gan gan, float[] images, float[] noise, float[] importance) {
        System.arraycopy(noise, 0, gan.generator().input().values(), 0, noise.length);
        GanLoss loss = gan.computeGradients(images, importance);
        return new Step(
                new double[] {loss.generator(), loss.discriminator()},
                List.of(
                        gan.generatorWeights().values(),
                        gan.discriminator().weights().values(),
                        images,
                        noise,
                        importance),
                List.of(
                        gan.generatorGradients().values(),
                        gan.discriminator().gradients().values()));
    }

    public static float[] weights(Vae vae) {
        return vae.scoringWeights().values();
    }
}
