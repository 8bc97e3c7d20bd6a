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
    private final int replayUpdates; // of the VAE for a micro-batch, besides those on fresh images
    private final float[] ones; // (part)

    /** @param reservoir of what was trained on before, null if the VAE does without */
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
        this.replayUpdates = batch.capacity() / part * (config.vae().replayUpdates() - 1);
        this.ones = new float[part];
        Arrays.fill(ones, 1);
    }

    /**
     * Trains the VAE on the full micro-batch.
     *
     * @param step the model's
     * @param importance of each row, 0 to leave it out
     */
    void vae(long step, float[] importance) {
        random.at(step, Purpose.VAE_NOISE.key);
        for (int start = 0; start < batch.capacity(); start += part) {
            System.arraycopy(
                    batch.images().values(), start * size, networks.vae().input(), 0, part * size);
            count(networks.vae().train(importance, start, random));
        }
        if (reservoir != null) {
            replay(reservoir, step, importance);
        }
    }

    /** Further updates on a reservoir of what was trained on before, for each update on fresh images. */
    private void replay(Reservoir past, long step, float[] importance) {
        random.at(step, Purpose.RESERVOIR.key);
        for (int row = 0; row < batch.capacity(); row++) {
            if (importance[row] > 0) {
                past.put(batch.pixels(), row * size, random);
            }
        }
        if (past.isEmpty()) {
            return;
        }
        random.at(step, Purpose.REPLAY.key);
        for (int update = 0; update < replayUpdates; update++) {
            past.draw(networks.vae().input(), part, random);
            count(networks.vae().train(ones, 0, random));
        }
    }

    private void count(VaeLoss loss) {
        discarded.countVae(loss.finite());
        tally.count(loss);
    }

    /** Trains the GAN on the full micro-batch, as {@link #vae} does the VAE. */
    void gan(long step, float[] importance) {
        random.at(step, Purpose.GAN_NOISE.key);
        GanLoss loss = networks.gan().train(batch.images().values(), importance, random);
        discarded.countGan(loss.finite());
        tally.count(loss);
    }
}
