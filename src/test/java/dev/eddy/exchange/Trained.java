package dev.eddy.exchange;

import dev.eddy.cli.EddyConfig;
import dev.eddy.image.Geometry;
import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.local.SampleStream;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.SnapshotHeader;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** A learner that has learned enough to score, and more images like those that it has seen. */
record Trained(Learner learner, SnapshotHeader header, IntFunction<byte[]> images) implements AutoCloseable {

    static final int PARTITION = 3;

    /** With these keys set, on Fashion-MNIST or, where the geometry is another, on made-up pictures. */
    static Trained of(Map<String, String> keys, int steps) {
        LearnerConfig config = config(keys);
        SampleStream fashion = new SampleStream(5);
        IntFunction<byte[]> images = config.geometry().equals(new Geometry(28, 28, 1))
                ? index -> fashion.get(index).image().pixels()
                : index -> picture(config.geometry().size(), index);
        Learner learner = new Learner(config, PARTITION);
        for (int index = 0; learner.step() < steps; index++) {
            learner.add(images.apply(index));
            if (learner.isFull()) {
                learner.train();
            }
        }
        SnapshotHeader header = new SnapshotHeader(
                "images",
                PARTITION,
                1,
                learner.step(),
                learner.step() * config.batchSize(),
                1_700_000_000_123L,
                "Eddy 0.1.0",
                learner.weightsSha256(),
                learner.scale().threshold(),
                Fingerprint.of(config),
                List.of("began at offset 0", "configuration changed"));
        return new Trained(learner, header, index -> images.apply(100_000 + index));
    }

    static LearnerConfig config(Map<String, String> keys) {
        return new EddyConfig(keys).learner();
    }

    /** A gradient in one of four directions, with noise. */
    private static byte[] picture(int size, int index) {
        SplittableRandom random = new SplittableRandom(index);
        int slope = 1 + random.nextInt(4);
        byte[] pixels = new byte[size];
        for (int i = 0; i < size; i++) {
            pixels[i] = (byte) (255 * slope * i / size + random.nextInt(20));
        }
        return pixels;
    }

    @Override
    public void close() {
        learner.close();
    }
}
