package dev.eddy.bench;

import dev.eddy.cli.EddyConfig;
import dev.eddy.image.Geometry;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import java.util.Locale;
import java.util.Map;

/** The presets' shapes, losses and rates, at any batch size. */
public enum Preset {
    DEFAULT,
    CLASSIC;

    public static final Geometry GEOMETRY = new Geometry(28, 28, 1);
    public static final int SIZE = GEOMETRY.size();

    public VaeConfig vae(int batchSize) {
        return learner(batchSize, batchSize).vae();
    }

    public GanConfig gan() {
        return learner(32, 32).gan();
    }

    /** A learner of micro-batches of {@code batchSize} images, each in updates of the VAE on {@code vaeBatchSize}. */
    public LearnerConfig learner(int batchSize, int vaeBatchSize) {
        return new EddyConfig(Map.of(
                        "preset",
                        name().toLowerCase(Locale.ROOT),
                        "seed",
                        "1",
                        "image.width",
                        "28",
                        "image.height",
                        "28",
                        "image.channels",
                        "1",
                        "batch.size",
                        Integer.toString(batchSize),
                        "vae.batch.size",
                        Integer.toString(vaeBatchSize)))
                .learner();
    }
}
