package dev.eddy.model;

import dev.eddy.nn.Adam;
import dev.eddy.nn.Bernoulli;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Elementwise;
import dev.eddy.nn.Gradients;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Network;
import dev.eddy.nn.Parameters;
import dev.eddy.nn.Pass;
import dev.eddy.nn.StateVisitor;
import java.util.List;

/**
 * A variational autoencoder (Kingma and Welling, ICLR 2014): encoder to a Gaussian latent (mean, log variance),
 * decoder to Bernoulli logits; loss = cross-entropy of the reconstruction + KL of the posterior, nats per image.
 * This class trains; {@link VaeScorer} scores with {@link #scoringWeights}. Not thread-safe.
 */
public final class Vae implements AutoCloseable {

    private final VaeConfig config;
    private final int size;
    private final int latent;
    private final Layers encoderLayers;
    private final Layers decoderLayers;
    private final Parameters weights;
    private final Gradients gradients;
    private final Parameters average;
    private final Adam adam;
    private final Pass encoder;
    private final Pass decoder;
    private final Bernoulli bernoulli;
    private final float[] logits; // of one picture, as the next two
    private final float[] pixels;
    private final float[] probabilities;
    private final float[] noise;
    private final float[] deviation;
    private final VaeLoss loss = new VaeLoss();

    /**
     * @param size values of an image
     * @param random positioned by the caller; draws the initial weights
     */
    public Vae(VaeConfig config, int size, CounterRandom random) {
        this.config = config;
        this.size = size;
        this.latent = config.latent();
        this.encoderLayers = Layers.of(size, config.encoder(), 2 * latent, 0, 0);
        this.decoderLayers = Layers.of(latent, config.decoder(), size, encoderLayers.end(), 0);
        int parameters = decoderLayers.end();
        this.weights = new Parameters(parameters);
        this.gradients = new Gradients(config.batchSize(), encoderLayers, decoderLayers);
        this.average = config.emaDecay() > 0 ? new Parameters(parameters) : weights;
        this.adam = new Adam(parameters, config.learningRate(), 0.9, 0.999);
        int rows = config.batchSize();
        this.encoder = new Pass(encoderLayers, rows, weights, gradients);
        this.decoder = new Pass(decoderLayers, rows, weights, gradients);
        this.bernoulli = new Bernoulli(size);
        this.logits = new float[size];
        this.pixels = new float[size];
        this.probabilities = new float[size];
        this.noise = new float[rows * latent];
        this.deviation = new float[rows * latent];
        encoderLayers.initialise(weights.values(), random, config.dataInitialisation());
        decoderLayers.initialise(weights.values(), random, config.dataInitialisation());
        System.arraycopy(weights.values(), 0, average.values(), 0, parameters);
        restored();
    }

    /** Sets the output's biases to the logit of the mean image, {@code size} values in [0, 1]. */
    public void initialiseOutput(float[] meanImage) {
        OutputBias.set(meanImage, weights, decoderLayers);
        OutputBias.set(meanImage, average, decoderLayers);
    }

    /** Updates so far. */
    long updates() {
        return adam.updates();
    }

    /** The weight of the KL term in the next update: it rises over the first {@code klWarmupSteps}. */
    double klWeight() {
        int warmup = config.klWarmupSteps();
        return warmup == 0 ? 1 : Math.min(1, (adam.updates() + 1.0) / warmup);
    }

    /**
     * One update on the images in {@link #input}; discarded, with the weights kept, when loss or gradient is not
     * finite.
     *
     * @param importance weight of each image in the loss, from {@code offset} on; 0 leaves it out
     * @param random positioned by the caller; draws the noise of the reparameterisation
     * @return what the update saw; this object's own, written anew by the next update
     */
    public VaeLoss train(float[] importance, int offset, CounterRandom random) {
        random.normals(noise, noise.length);
        computeGradients(importance, offset, noise);
        if (loss.applied) {
            adam.update(weights, gradients, average, config.emaDecay());
        }
        return loss;
    }

    /** (batchSize, size), each in [0, 1], heap side: the images of the next update, written by the caller. */
    public float[] input() {
        return encoder.input().values();
    }

    VaeLoss computeGradients(float[] importance, int offset, float[] epsilon) {
        int rows = encoder.rows();
        float total = 0;
        for (int row = 0; row < rows; row++) {
            total += importance[offset + row];
        }
        loss.applied = total > 0;
        loss.finite = true;
        loss.klWeight = klWeight();
        if (total == 0) {
            loss.reconstruction = loss.kl = loss.gradientNorm = 0;
            return loss;
        }
        encoder.input().toNative();
        encoder.forward();
        sampleLatent(epsilon);
        decoder.input().toNative();
        decoder.forward();
        reconstructionLoss(importance, offset, total);
        gradients.begin();
        decoder.backward(true);
        posteriorLoss(importance, offset, total, epsilon);
        encoder.backward(false);
        loss.gradientNorm = gradients.norm();
        loss.finite = Double.isFinite(loss.total()) && Double.isFinite(loss.gradientNorm);
        loss.applied = loss.finite;
        return loss;
    }

    /** z = mean + exp(logVariance / 2) epsilon, the decoder's input. */
    private void sampleLatent(float[] epsilon) {
        float[] posterior = encoder.output().values();
        float[] z = decoder.input().values();
        for (int row = 0; row < encoder.rows(); row++) {
            for (int j = 0; j < latent; j++) {
                int at = row * latent + j;
                int mean = row * 2 * latent + j;
                deviation[at] = (float) Math.exp(0.5 * posterior[mean + latent]);
                z[at] = posterior[mean] + deviation[at] * epsilon[at];
            }
        }
    }

    /** The loss by the logits is (sigmoid - pixel) * importance / total. Row by row, while a row is in the cache. */
    private void reconstructionLoss(float[] importance, int offset, float total) {
        double sum = 0;
        for (int row = 0; row < encoder.rows(); row++) {
            System.arraycopy(decoder.output().values(), row * size, logits, 0, size);
            System.arraycopy(encoder.input().values(), row * size, pixels, 0, size);
            Elementwise.sigmoid(logits, probabilities, size);
            float share = importance[offset + row] / total;
            if (share != 0) {
                sum += share * bernoulli.crossEntropy(logits, probabilities, pixels);
            }
            for (int i = 0; i < size; i++) {
                probabilities[i] = share * (probabilities[i] - pixels[i]);
            }
            decoder.outputDelta().writeRowToNative(row, probabilities);
        }
        loss.reconstruction = sum;
    }

    /** KL = (mean^2 + exp(logVariance) - logVariance - 1) / 2, summed; plus what came through z. */
    private void posteriorLoss(float[] importance, int offset, float total, float[] epsilon) {
        float[] posterior = encoder.output().values();
        float[] delta = encoder.outputDelta().values();
        float[] latentDelta = decoder.inputDelta().values();
        float weight = (float) loss.klWeight;
        double sum = 0;
        for (int row = 0; row < encoder.rows(); row++) {
            float share = importance[offset + row] / total;
            double kl = 0;
            for (int j = 0; j < latent; j++) {
                int at = row * latent + j;
                int mean = row * 2 * latent + j;
                float mu = posterior[mean];
                float variance = deviation[at] * deviation[at];
                kl += 0.5 * (mu * mu + variance - posterior[mean + latent] - 1);
                delta[mean] = latentDelta[at] + weight * share * mu;
                delta[mean + latent] =
                        0.5f * (latentDelta[at] * epsilon[at] * deviation[at] + weight * share * (variance - 1));
            }
            sum += share * kl;
        }
        encoder.outputDelta().toNative();
        loss.kl = sum;
    }

    Parameters weights() {
        return weights;
    }

    Gradients gradients() {
        return gradients;
    }

    /** The weights that score and sample: the moving average, or the weights themselves where there is none. */
    Parameters scoringWeights() {
        return average;
    }

    Layers encoderLayers() {
        return encoderLayers;
    }

    Layers decoderLayers() {
        return decoderLayers;
    }

    /** The moving average becomes the weights. */
    public void restartAverage() {
        System.arraycopy(weights.values(), 0, average.values(), 0, average.values().length);
        average.changed();
    }

    /** The weights that training moves. */
    public void visitTrained(String name, StateVisitor visitor) {
        visitor.floats(name + "/weights", weights.values());
    }

    /** The weights, and what scores, without the optimizer's part. */
    public void visitWeights(String name, StateVisitor visitor) {
        List<Network> networks = List.of(new Network("encoder", encoderLayers), new Network("decoder", decoderLayers));
        visitor.weights(name + "/weights", networks, weights.values());
        if (average != weights) {
            visitor.weights(name + "/average", networks, average.values());
        }
    }

    /** What the model is without the optimizer's moments: the weights and how often they were updated. */
    public void visitModel(String name, StateVisitor visitor) {
        visitWeights(name, visitor);
        adam.visitUpdates(name + "/adam", visitor);
    }

    public void visit(String name, StateVisitor visitor) {
        visitWeights(name, visitor);
        adam.visit(name + "/adam", visitor);
    }

    /** Takes over what a restoring {@link #visit} has written. */
    public void restored() {
        weights.changed();
        average.changed();
    }

    /** Takes over what a restoring {@link #visitModel} has written; the optimizer begins anew. */
    public void adopted() {
        adam.restart();
        restored();
    }

    @Override
    public void close() {
        encoder.close();
        decoder.close();
        gradients.close();
        weights.close();
        if (average != weights) {
            average.close();
        }
    }
}
