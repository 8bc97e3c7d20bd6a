package dev.eddy.bench;

import dev.eddy.image.Geometry;
import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import java.util.List;

/** The presets' shapes, losses and rates, at any batch size. */
public enum Preset {
    DEFAULT,
    CLASSIC;

    public static final Geometry GEOMETRY = new Geometry(28, 28, 1);
    public static final int SIZE = GEOMETRY.size();

    public VaeConfig vae(int batchSize) {
        return this == DEFAULT
                ? new VaeConfig(true, List.of(256, 128), 16, List.of(128, 256), batchSize, 2e-3, 500, 0.999, true, 1, 0)
                : new VaeConfig(true, List.of(256, 128), 32, List.of(128), batchSize, 1e-3, 0, 0, false, 1, 0);
    }

    public GanConfig gan() {
        return this == DEFAULT
                ? new GanConfig(
                        true,
                        64,
                        List.of(256, 512),
                        List.of(512, 256),
                        GanConfig.Loss.RELATIVISTIC,
                        0.5,
                        1e-3,
                        0,
                        0.999,
                        0.2,
                        true)
                : new GanConfig(
                        true,
                        100,
                        List.of(256, 512, 1024),
                        List.of(512, 256),
                        GanConfig.Loss.NON_SATURATING,
                        0,
                        2e-4,
                        0.5,
                        0,
                        0.2,
                        false);
    }

    public AnomalyConfig anomaly() {
        return new AnomalyConfig(0.01, 1000, 2048, 32, 0.05, true, 5, true, 0.9, 100_000);
    }

    /** A learner of micro-batches of {@code batchSize} images, each in updates of the VAE on {@code vaeBatchSize}. */
    public LearnerConfig learner(int batchSize, int vaeBatchSize) {
        return new LearnerConfig(1, GEOMETRY, batchSize, 1000, vae(vaeBatchSize), gan(), anomaly());
    }
}
