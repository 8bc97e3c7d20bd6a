package dev.eddy.bench;

import dev.eddy.cli.EddyConfig;
import dev.eddy.image.Geometry;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import java.util.HashMap;
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
        return config(batchSize, Map.of("vae.batch.size", Integer.toString(vaeBatchSize)));
    }

    /** A learner that does not train. */
    public LearnerConfig scorer(int batchSize) {
        return config(batchSize, Map.of("train", "false"));
    }

    private LearnerConfig config(int batchSize, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(more);
        keys.put("preset", name().toLowerCase(Locale.ROOT));
        keys.put("seed", "1");
        keys.put("image.width", "28");
        keys.put("image.height", "28");
        keys.put("image.channels", "1");
        keys.put("batch.size", Integer.toString(batchSize));
        return new EddyConfig(keys).learner();
    }
}
