package dev.eddy.bench;

import dev.eddy.learn.Learner;
import dev.eddy.model.Gan;
import dev.eddy.model.Vae;
import dev.eddy.model.VaeScorer;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Mahalanobis;
import dev.eddy.nn.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Eddy's own work, in this process, through the classes that production runs. */
public final class EddySide implements Side {

    private static final int PICTURES = 1024;

    private final Map<Case, Step> steps = new HashMap<>();
    private final float[] images = Pictures.floats(PICTURES);
    private final byte[][] pictures = Pictures.bytes(PICTURES);

    /** One unit of work, the i-th. */
    public interface Step {
        void run(int i);
    }

    @Override
    public long nanos(Case what, int iterations) {
        Step step = steps.computeIfAbsent(what, this::step);
        long start = Clock.nanos();
        for (int i = 0; i < iterations; i++) {
            step.run(i);
        }
        return Clock.nanos() - start;
    }

    /** Builds the models of a case. */
    public Step step(Case what) {
        int rows = what.batch();
        Preset preset = what.preset();
        CounterRandom random = new CounterRandom(1, 0);
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return switch (what.work()) {
            case VAE -> {
                Vae vae = new Vae(preset.vae(rows), Preset.SIZE, random);
                yield i -> {
                    System.arraycopy(images, from(i, rows), vae.input(), 0, rows * Preset.SIZE);
                    random.at(i, 2);
                    vae.train(ones, 0, random);
                };
            }
            case GAN -> {
                Gan gan = new Gan(preset.gan(), Preset.SIZE, rows, random);
                float[] batch = new float[rows * Preset.SIZE];
                yield i -> {
                    System.arraycopy(images, from(i, rows), batch, 0, batch.length);
                    random.at(i, 3);
                    gan.train(batch, ones, random);
                };
            }
            case SCORE -> {
                Matrix batch = new Matrix(rows, Preset.SIZE);
                VaeScorer scorer = new VaeScorer(new Vae(preset.vae(rows), Preset.SIZE, random), batch);
                Mahalanobis mahalanobis = new Mahalanobis(rows, scorer.dimensions(), 0.05, true);
                yield i -> {
                    System.arraycopy(images, from(i, rows), batch.values(), 0, rows * Preset.SIZE);
                    batch.toNative();
                    scorer.run();
                    mahalanobis.distances(scorer.differences(), 0, rows);
                };
            }
            case LEARNER -> {
                Learner learner = new Learner(preset.learner(rows, what.vaeBatch()), 0);
                yield i -> {
                    for (int row = 0; row < rows; row++) {
                        learner.add(pictures[(i * rows + row) % PICTURES]);
                    }
                    for (int row = 0; row < rows; row++) {
                        learner.score(row);
                    }
                    learner.train();
                };
            }
        };
    }

    private static int from(int i, int rows) {
        return i * rows % PICTURES * Preset.SIZE;
    }
}
