package dev.eddy.model;

import dev.eddy.nn.Bernoulli;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Elementwise;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Matrix;
import dev.eddy.nn.Parameters;
import dev.eddy.nn.Pass;
import java.util.Arrays;
import java.util.Collections;

/**
 * Reconstructs a micro-batch with the VAE's scoring weights and measures what was lost. The latent is the posterior's
 * mean, so nothing is random. The reconstruction goes through the encoder once more: the differences of all hidden
 * activations and of the mean are the vector that RaPP measures (Kim et al., ICLR 2020). Not thread-safe.
 */
public final class VaeScorer implements AutoCloseable {

    private final int size;
    private final int latent;
    private final int dimensions;
    private final Pass encoder;
    private final Pass decoder;
    private final Pass again;
    private final Bernoulli bernoulli;
    private final double[] crossEntropy;
    private final double[] kl;
    private final float[] differences;
    private final float[] logits; // of one picture, as the next two
    private final float[] pixels;
    private final float[] probabilities;
    private final float[] activation; // of one picture in one layer
    private final float[] activationAgain;

    /** @param images (rows, size), each in [0, 1], both sides: the micro-batch, shared with its owner */
    public VaeScorer(Vae vae, Matrix images) {
        Parameters weights = vae.scoringWeights();
        Layers encoderLayers = vae.encoderLayers();
        int rows = images.rows();
        this.size = images.columns();
        this.latent = vae.decoderLayers().inputs(0);
        this.encoder = new Pass(encoderLayers, images, weights, null);
        this.decoder = new Pass(vae.decoderLayers(), rows, weights, null);
        this.again = new Pass(encoderLayers, rows, weights, null);
        this.bernoulli = new Bernoulli(size);
        this.crossEntropy = new double[rows];
        this.kl = new double[rows];
        this.logits = new float[size];
        this.pixels = new float[size];
        this.probabilities = new float[size];
        int widest = Collections.max(encoderLayers.widths());
        this.activation = new float[widest];
        this.activationAgain = new float[widest];
        int sum = latent;
        for (int layer = 0; layer < encoderLayers.count() - 1; layer++) {
            sum += encoderLayers.outputs(layer);
        }
        this.dimensions = sum;
        this.differences = new float[rows * dimensions];
    }

    /** Computes everything below for all rows, whatever they hold. */
    public void run() {
        encoder.forward();
        meanToLatent();
        decoder.forward();
        reconstruct();
        again.forward();
        takeDifferences();
    }

    /** Sigmoid and cross-entropy, row by row while a row is in the cache. */
    private void reconstruct() {
        for (int row = 0; row < crossEntropy.length; row++) {
            System.arraycopy(decoder.output().values(), row * size, logits, 0, size);
            System.arraycopy(encoder.input().values(), row * size, pixels, 0, size);
            Elementwise.sigmoid(logits, probabilities, size);
            again.input().writeRow(row, probabilities);
            crossEntropy[row] = bernoulli.crossEntropy(logits, probabilities, pixels);
        }
    }

    private void meanToLatent() {
        float[] posterior = encoder.output().values();
        float[] z = decoder.input().values();
        for (int row = 0; row < crossEntropy.length; row++) {
            double sum = 0;
            for (int j = 0; j < latent; j++) {
                float mean = posterior[row * 2 * latent + j];
                float logVariance = posterior[row * 2 * latent + latent + j];
                z[row * latent + j] = mean;
                sum += 0.5 * (mean * mean + Math.exp(logVariance) - logVariance - 1);
            }
            kl[row] = sum;
        }
        decoder.input().toNative();
    }

    private void takeDifferences() {
        int offset = 0;
        Layers layers = encoder.layers();
        for (int layer = 1; layer <= layers.count(); layer++) {
            boolean last = layer == layers.count();
            int taken = last ? latent : layers.outputs(layer - 1);
            for (int row = 0; row < crossEntropy.length; row++) {
                if (last) {
                    readMean(row, activation, 0);
                    System.arraycopy(again.output().values(), row * 2 * latent, activationAgain, 0, latent);
                } else {
                    encoder.activation(layer).readRows(row, 1, activation);
                    again.activation(layer).readRows(row, 1, activationAgain);
                }
                Elementwise.subtract(activation, activationAgain, taken);
                System.arraycopy(activation, 0, differences, row * dimensions + offset, taken);
            }
            offset += taken;
        }
    }

    /** Cross-entropy of the reconstruction of one row, nats. */
    public double crossEntropy(int row) {
        return crossEntropy[row];
    }

    /** Divergence of the posterior from the prior, nats. */
    public double kl(int row) {
        return kl[row];
    }

    /** Length of a RaPP vector: hidden widths of the encoder plus the latent. */
    public int dimensions() {
        return dimensions;
    }

    /** RaPP vectors, (rows, dimensions). */
    public float[] differences() {
        return differences;
    }

    /** Dimensions of the latent space. */
    public int latent() {
        return latent;
    }

    /** Copies the posterior's mean of one row of the last {@link #run} into {@code target}, from {@code at} on. */
    public void readMean(int row, float[] target, int at) {
        System.arraycopy(encoder.output().values(), row * 2 * latent, target, at, latent);
    }

    /**
     * The posteriors' means of any images. Takes the place of the last {@link #run}: its reconstructions are lost.
     *
     * @param images each of {@code size} values in [0, 1]
     * @return (images, latent)
     */
    public float[][] encode(float[][] images) {
        float[][] encoded = new float[images.length][latent];
        int rows = crossEntropy.length;
        for (int start = 0; start < images.length; start += rows) {
            int n = Math.min(rows, images.length - start);
            for (int row = 0; row < n; row++) {
                again.input().writeRow(row, images[start + row]);
            }
            again.forward();
            for (int row = 0; row < n; row++) {
                System.arraycopy(again.output().values(), row * 2 * latent, encoded[start + row], 0, latent);
            }
        }
        return encoded;
    }

    /** Reconstructions, (rows, size), each in [0, 1]. */
    public float[] reconstructions() {
        return again.input().values();
    }

    /** Width of the encoder's last hidden layer. */
    int featureCount() {
        return encoder.layers().inputs(encoder.layers().count() - 1);
    }

    /** Activations of the encoder's last hidden layer for one row, (featureCount); a copy. */
    public float[] features(int row) {
        float[] features = new float[featureCount()];
        encoder.activation(encoder.layers().count() - 1).readRows(row, 1, features);
        return features;
    }

    /**
     * Decodes one latent drawn from each posterior of the last {@link #run}, whose results stay. Cross-entropy and
     * {@link #kl} add up to a one-sample estimate of the negative evidence lower bound.
     *
     * @param random positioned by the caller; draws the noise
     * @param nats where the cross-entropy of each row goes, (rows)
     */
    public void sampledCrossEntropy(CounterRandom random, double[] nats) {
        int rows = nats.length;
        float[] noise = new float[rows * latent];
        float[] probabilities = new float[rows * size];
        random.normals(noise, noise.length);
        float[] posterior = encoder.output().values();
        float[] z = decoder.input().values();
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < latent; j++) {
                float mean = posterior[row * 2 * latent + j];
                float logVariance = posterior[row * 2 * latent + latent + j];
                z[row * latent + j] = mean + (float) Math.exp(0.5 * logVariance) * noise[row * latent + j];
            }
        }
        decoder.input().toNative();
        decoder.forward();
        float[] logits = decoder.output().values();
        Elementwise.sigmoid(logits, probabilities, probabilities.length);
        for (int row = 0; row < rows; row++) {
            nats[row] = bernoulli.crossEntropy(
                    row(logits, row),
                    row(probabilities, row),
                    row(encoder.input().values(), row));
        }
    }

    private float[] row(float[] values, int row) {
        return Arrays.copyOfRange(values, row * size, (row + 1) * size);
    }

    /**
     * Decodes latents drawn from the prior; the results of {@link #run} stay.
     *
     * @param images where to put {@code images.length} images of {@code size} values in [0, 1]
     */
    public void sample(CounterRandom random, float[][] images) {
        float[] z = decoder.input().values();
        int rows = crossEntropy.length;
        for (int start = 0; start < images.length; start += rows) {
            random.normals(z, z.length);
            decoder.input().toNative();
            decoder.forward();
            float[] logits = decoder.output().values();
            Elementwise.sigmoid(logits, logits, logits.length);
            for (int i = start; i < Math.min(images.length, start + rows); i++) {
                System.arraycopy(logits, (i - start) * size, images[i], 0, size);
            }
        }
    }

    @Override
    public void close() {
        encoder.close();
        decoder.close();
        again.close();
    }
}
