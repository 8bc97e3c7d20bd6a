package dev.eddy.model;

import dev.eddy.nn.Adam;
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
 * A generative adversarial network (Goodfellow et al., NIPS 2014). Both networks are updated from one generator
 * forward and one discriminator pass over [real; fake]: the discriminator ends in one logit, so the generator's
 * gradient is the input gradient of the fake rows, rescaled row by row. Not thread-safe.
 */
public final class Gan implements AutoCloseable {

    private final GanConfig config;
    private final int size;
    private final int rows;
    private final Layers generatorLayers;
    private final Parameters generatorWeights;
    private final Gradients generatorGradients;
    private final Parameters average;
    private final Adam generatorAdam;
    private final Pass generator;
    private final Pass sampler; // the generator with the averaged weights
    private final Discriminator discriminator;
    private final GanLoss loss = new GanLoss();

    /**
     * @param size values of an image
     * @param rows images of an update
     * @param random positioned by the caller; draws the initial weights
     */
    public Gan(GanConfig config, int size, int rows, CounterRandom random) {
        this.config = config;
        this.size = size;
        this.rows = rows;
        this.generatorLayers = Layers.of(config.noise(), config.generator(), size, 0, config.leak());
        this.generatorWeights = new Parameters(generatorLayers.end());
        this.generatorGradients = new Gradients(rows, generatorLayers);
        this.average = config.emaDecay() > 0 ? new Parameters(generatorLayers.end()) : generatorWeights;
        this.generatorAdam = new Adam(generatorLayers.end(), config.learningRate(), config.beta1(), 0.999);
        this.generator = new Pass(generatorLayers, rows, generatorWeights, generatorGradients);
        this.sampler = new Pass(generatorLayers, rows, average, null);
        this.discriminator = new Discriminator(config, size, rows);
        generatorLayers.initialise(generatorWeights.values(), random, config.dataInitialisation());
        System.arraycopy(generatorWeights.values(), 0, average.values(), 0, generatorWeights.values().length);
        discriminator.initialise(random);
        restored();
    }

    /** Sets the generator's output biases to the logit of the mean image, {@code size} values in [0, 1]. */
    public void initialiseOutput(float[] meanImage) {
        OutputBias.set(meanImage, generatorWeights, generatorLayers);
        OutputBias.set(meanImage, average, generatorLayers);
    }

    /**
     * One update of both networks; discarded, with all weights kept, when a loss or a gradient is not finite.
     *
     * @param images (rows, size), each in [0, 1], heap side
     * @param importance weight of each image, and of the fake it is paired with; 0 leaves the pair out
     * @param random positioned by the caller; draws the generator's noise
     * @return what the update saw; this object's own, written anew by the next update
     */
    public GanLoss train(float[] images, float[] importance, CounterRandom random) {
        float[] noise = generator.input().values();
        random.normals(noise, noise.length);
        computeGradients(images, importance);
        if (loss.applied) {
            discriminator.update();
            generatorAdam.update(generatorWeights, generatorGradients, average, config.emaDecay());
        }
        return loss;
    }

    GanLoss computeGradients(float[] images, float[] importance) {
        generator.input().toNative();
        generator.forward();
        float[] fakes = generator.output().values();
        Elementwise.sigmoid(fakes, fakes, fakes.length);
        discriminator.run(images, fakes, importance, generator.outputDelta(), loss);
        if (loss.applied) {
            generatorGradients.begin();
            generator.backward(false);
            loss.generatorGradientNorm = generatorGradients.norm();
            loss.finite = Double.isFinite(loss.generator)
                    && Double.isFinite(loss.discriminator)
                    && Double.isFinite(loss.generatorGradientNorm)
                    && Double.isFinite(loss.discriminatorGradientNorm);
            loss.applied = loss.finite;
        }
        return loss;
    }

    /**
     * Generates images with the averaged weights; does not disturb training.
     *
     * @param images where to put {@code images.length} images of {@code size} values in [0, 1]
     */
    public void sample(CounterRandom random, float[][] images) {
        float[] output = sampler.output().values();
        for (int start = 0; start < images.length; start += rows) {
            random.normals(sampler.input().values(), rows * config.noise());
            sampler.input().toNative();
            sampler.forward();
            Elementwise.sigmoid(output, output, output.length);
            for (int i = start; i < Math.min(images.length, start + rows); i++) {
                System.arraycopy(output, (i - start) * size, images[i], 0, size);
            }
        }
    }

    Pass generator() {
        return generator;
    }

    Parameters generatorWeights() {
        return generatorWeights;
    }

    Gradients generatorGradients() {
        return generatorGradients;
    }

    Discriminator discriminator() {
        return discriminator;
    }

    /** The moving average becomes the weights. */
    public void restartAverage() {
        System.arraycopy(generatorWeights.values(), 0, average.values(), 0, average.values().length);
        average.changed();
    }

    /** The weights that training moves. */
    public void visitTrained(String name, StateVisitor visitor) {
        visitor.floats(name + "/generator/weights", generatorWeights.values());
        visitor.floats(name + "/discriminator/weights", discriminator.weights().values());
    }

    /** The weights, and what samples, without the optimizers' part. */
    public void visitWeights(String name, StateVisitor visitor) {
        List<Network> networks = List.of(new Network("generator", generatorLayers));
        visitor.weights(name + "/generator/weights", networks, generatorWeights.values());
        if (average != generatorWeights) {
            visitor.weights(name + "/generator/average", networks, average.values());
        }
        visitor.weights(
                name + "/discriminator/weights",
                List.of(new Network("discriminator", discriminator.layers())),
                discriminator.weights().values());
    }

    /** What the model is without the optimizers' moments: the weights and how often they were updated. */
    public void visitModel(String name, StateVisitor visitor) {
        visitWeights(name, visitor);
        generatorAdam.visitUpdates(name + "/generator/adam", visitor);
        discriminator.adam().visitUpdates(name + "/discriminator/adam", visitor);
    }

    public void visit(String name, StateVisitor visitor) {
        visitWeights(name, visitor);
        generatorAdam.visit(name + "/generator/adam", visitor);
        discriminator.adam().visit(name + "/discriminator/adam", visitor);
    }

    /** Takes over what a restoring {@link #visit} has written. */
    public void restored() {
        generatorWeights.changed();
        average.changed();
        discriminator.weights().changed();
    }

    /** Takes over what a restoring {@link #visitModel} has written; the optimizers begin anew. */
    public void adopted() {
        generatorAdam.restart();
        discriminator.adam().restart();
        restored();
    }

    @Override
    public void close() {
        generator.close();
        sampler.close();
        discriminator.close();
        generatorGradients.close();
        generatorWeights.close();
        if (average != generatorWeights) {
            average.close();
        }
    }
}
