package dev.eddy.learn;

import dev.eddy.model.GanLoss;
import dev.eddy.model.VaeLoss;
import dev.eddy.nn.CounterRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The updates of both models that a micro-batch makes for, each with random numbers of its own. Not thread-safe. */
final class Training {

    private final MicroBatch batch;
    private final Networks networks;
    private final CounterRandom random;
    private final @Nullable Reservoir reservoir;
    private final DiscardedUpdates discarded;
    private final Tally tally;
    private final int size;
    private final int part; // images in an update of the VAE
    private final int vaeReplays; // updates for a micro-batch, besides those on fresh images
    private final int ganReplays; // likewise
    private final float[] past; // (batchSize, size), what the GAN replays
    private final float[] ones; // (batchSize)

    /** @param reservoir of what was trained on before, null if both models do without */
    Training(
            LearnerConfig config,
            MicroBatch batch,
            Networks networks,
            CounterRandom random,
            @Nullable Reservoir reservoir,
            DiscardedUpdates discarded,
            Tally tally) {
        this.batch = batch;
        this.networks = networks;
        this.random = random;
        this.reservoir = reservoir;
        this.discarded = discarded;
        this.tally = tally;
        this.size = config.geometry().size();
        this.part = config.vae().batchSize();
        this.vaeReplays =
                config.vae().train() ? batch.capacity() / part * (config.vae().replayUpdates() - 1) : 0;
        this.ganReplays = config.gan().train() ? config.gan().replayUpdates() - 1 : 0;
        this.past = new float[ganReplays > 0 ? batch.capacity() * size : 0];
        this.ones = new float[batch.capacity()];
        Arrays.fill(ones, 1);
    }

    /**
     * Puts the full micro-batch into the reservoir, if a model is trained on it.
     *
     * @param step the model's
     * @param importance of each row, 0 to leave it out
     */
    void remember(long step, float[] importance) {
        if (reservoir == null || vaeReplays + ganReplays == 0) {
            return;
        }
        random.at(step, Purpose.RESERVOIR.key);
        for (int row = 0; row < batch.capacity(); row++) {
            if (importance[row] > 0) {
                reservoir.put(batch.pixels(), row * size, random);
            }
        }
    }

    /** Trains the VAE on the full micro-batch, and then on the reservoir, with the arguments of {@link #remember}. */
    void vae(long step, float[] importance) {
        random.at(step, Purpose.VAE_NOISE.key);
        for (int start = 0; start < batch.capacity(); start += part) {
            System.arraycopy(
                    batch.images().values(), start * size, networks.vae().input(), 0, part * size);
            count(networks.vae().train(importance, start, random));
        }
        if (reservoir == null || reservoir.isEmpty()) {
            return;
        }
        random.at(step, Purpose.REPLAY.key);
        for (int update = 0; update < vaeReplays; update++) {
            reservoir.draw(networks.vae().input(), part, random);
            count(networks.vae().train(ones, 0, random));
        }
    }

    private void count(VaeLoss loss) {
        discarded.countVae(loss.finite());
        tally.count(loss);
    }

    /** Trains the GAN as {@link #vae} does the VAE, in updates on whole micro-batches. */
    void gan(long step, float[] importance) {
        random.at(step, Purpose.GAN_NOISE.key);
        count(networks.gan().train(batch.images().values(), importance, random));
        if (reservoir == null || reservoir.isEmpty()) {
            return;
        }
        random.at(step, Purpose.GAN_REPLAY.key);
        for (int update = 0; update < ganReplays; update++) {
            reservoir.draw(past, batch.capacity(), random);
            count(networks.gan().train(past, ones, random));
        }
    }

    private void count(GanLoss loss) {
        discarded.countGan(loss.finite());
        tally.count(loss);
    }
}
