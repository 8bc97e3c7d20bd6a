package dev.eddy.learn;

import dev.eddy.model.Gan;
import dev.eddy.model.Vae;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.StateVisitor;

/** The VAE and the GAN of one learner, for what is done to both. Not thread-safe. */
final class Networks implements AutoCloseable {

    private final LearnerConfig config;
    private final Vae vae;
    private final Gan gan;

    /** @param random the initial weights are drawn from it */
    Networks(LearnerConfig config, CounterRandom random) {
        int size = config.geometry().size();
        this.config = config;
        random.at(0, Purpose.VAE_WEIGHTS.key);
        this.vae = new Vae(config.vae(), size, random);
        random.at(0, Purpose.GAN_WEIGHTS.key);
        this.gan = new Gan(config.gan(), size, config.batchSize(), random);
    }

    Vae vae() {
        return vae;
    }

    Gan gan() {
        return gan;
    }

    /** The output biases become the logit of an image where the configuration says so. */
    void initialiseOutputs(float[] mean) {
        if (config.vae().dataInitialisation()) {
            vae.initialiseOutput(mean);
        }
        if (config.gan().dataInitialisation()) {
            gan.initialiseOutput(mean);
        }
    }

    /** The moving averages begin anew at the weights as they are. */
    void restartAverages() {
        vae.restartAverage();
        gan.restartAverage();
    }

    /** The weights that training moves, as one vector. */
    FlatWeights trained() {
        return new FlatWeights(visitor -> {
            vae.visitTrained("vae", visitor);
            gan.visitTrained("gan", visitor);
        });
    }

    void visit(StateVisitor visitor) {
        vae.visit("vae", visitor);
        gan.visit("gan", visitor);
    }

    /** Takes over what a restoring {@link #visit} has written, or a change of the {@link #trained} weights. */
    void restored() {
        vae.restored();
        gan.restored();
    }

    /** A part of {@link #visit}, without what only further training needs. */
    void visitModel(StateVisitor visitor) {
        vae.visitModel("vae", visitor);
        gan.visitModel("gan", visitor);
    }

    /** Takes over what a restoring {@link #visitModel} has written. */
    void adopted() {
        vae.adopted();
        gan.adopted();
    }

    /** SHA-256 of all weights, lower-case hexadecimal. */
    String sha256() {
        WeightsDigest digest = new WeightsDigest();
        vae.visitWeights("vae", digest);
        gan.visitWeights("gan", digest);
        return digest.hex();
    }

    /** Frees the off-heap arrays. */
    @Override
    public void close() {
        gan.close();
        vae.close();
    }
}
