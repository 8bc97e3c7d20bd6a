package dev.eddy.stream;

import dev.eddy.image.Geometry;
import dev.eddy.image.ImageFormat;
import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.sync.OuterOptimizer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A learner so small that thousands of micro-batches take no time, and images for it. */
public final class Tiny {

    public static final int BATCH = 4;
    static final Geometry GEOMETRY = new Geometry(4, 4, 1);
    static final SyncSettings SYNC = sync(1);
    static final TopicNames TOPICS =
            new TopicNames("images", "scores", "anomalies", "samples", "models", "dead-letters");

    private Tiny() {}

    public static LearnerConfig learner(long seed) {
        return new LearnerConfig(
                seed,
                GEOMETRY,
                BATCH,
                100,
                new VaeConfig(true, List.of(6), 2, List.of(6), 2, 2e-3, 20, 0.999, true, 2, 10),
                new GanConfig(
                        true,
                        3,
                        List.of(6),
                        List.of(6),
                        GanConfig.Loss.RELATIVISTIC,
                        0.5,
                        1e-3,
                        0,
                        0.999,
                        0.2,
                        true,
                        1),
                new AnomalyConfig(0.2, 20, 16, 4, 0.05, true, 5, true, 0.9, 1e6));
    }

    /** A learner of another shape. */
    static LearnerConfig wider() {
        LearnerConfig tiny = learner(1);
        VaeConfig vae = new VaeConfig(true, List.of(7), 2, List.of(6), 2, 2e-3, 20, 0.999, true, 2, 10);
        return new LearnerConfig(1, tiny.geometry(), tiny.batchSize(), 100, vae, tiny.gan(), tiny.anomaly());
    }

    static StreamSettings settings(LearnerConfig learner, Map<String, Object> kafka) {
        return settings(learner, SYNC, kafka);
    }

    static StreamSettings settings(LearnerConfig learner, SyncSettings sync, Map<String, Object> kafka) {
        return settings(learner, RecordDecoder.of(ImageFormat.RAW, learner.geometry()), sync, kafka);
    }

    static StreamSettings settings(LearnerConfig learner, RecordDecoder decoder, Map<String, Object> kafka) {
        return settings(learner, decoder, SYNC, kafka);
    }

    private static StreamSettings settings(
            LearnerConfig learner, RecordDecoder decoder, SyncSettings sync, Map<String, Object> kafka) {
        return new StreamSettings(
                Role.LEARN, TOPICS, true, 1, learner, decoder, "label", 50, 5, 2_000, 256, 3, 4, sync, "test", kafka);
    }

    static SyncSettings sync(double quorum) {
        return new SyncSettings(new OuterOptimizer(0.7, 0.5), quorum, 1_000);
    }

    /** A bar at one of four places, now and then noise. */
    public static byte[] image(SplittableRandom random) {
        byte[] pixels = new byte[GEOMETRY.size()];
        if (random.nextInt(20) == 0) {
            random.nextBytes(pixels);
        } else {
            int row = random.nextInt(4);
            for (int i = 0; i < 4; i++) {
                pixels[4 * row + i] = (byte) (128 + random.nextInt(128));
            }
        }
        return pixels;
    }
}
