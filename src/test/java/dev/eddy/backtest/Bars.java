package dev.eddy.backtest;

import dev.eddy.image.Geometry;
import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.nn.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/** Small pictures that a small learner masters in moments: label 0 has one bright row, label 1 one bright column. */
final class Bars {

    static final Geometry GEOMETRY = new Geometry(6, 6, 1);

    private Bars() {}

    static LearnerConfig learner(long seed, boolean gan) {
        return new LearnerConfig(
                seed,
                GEOMETRY,
                16,
                5,
                new VaeConfig(true, List.of(32, 16), 4, List.of(16, 32), 8, 4e-3, 50, 0.99, true, 1, 10),
                new GanConfig(
                        gan,
                        4,
                        List.of(16),
                        List.of(16),
                        GanConfig.Loss.RELATIVISTIC,
                        0.5,
                        1e-3,
                        0,
                        0.99,
                        0.2,
                        true,
                        1),
                new AnomalyConfig(0.01, 300, 256, 4, 0.05, true, 5, true, 0.9, 1e6));
    }

    /** Images of the given labels in turn. */
    static LabelledImages images(long seed, int count, int... labels) {
        CounterRandom random = new CounterRandom(seed, 0);
        List<byte[]> images = new ArrayList<>();
        List<Integer> their = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = labels[i % labels.length];
            images.add(image(label, random));
            their.add(label);
        }
        return new LabelledImages(GEOMETRY, images, their);
    }

    private static byte[] image(int label, CounterRandom random) {
        int side = GEOMETRY.width();
        byte[] pixels = new byte[side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.below(30);
        }
        int line = random.below(side);
        for (int i = 0; i < side; i++) {
            pixels[label == 0 ? line * side + i : i * side + line] = (byte) (200 + random.below(56));
        }
        return pixels;
    }
}
