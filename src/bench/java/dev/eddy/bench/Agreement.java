package dev.eddy.bench;

import dev.eddy.model.Gan;
import dev.eddy.model.Probe;
import dev.eddy.model.Vae;
import dev.eddy.model.VaeScorer;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Mahalanobis;
import dev.eddy.nn.Matrix;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Shows that both sides do the same work: the same losses and gradients from the same weights and noise. */
public final class Agreement {

    private static final int ROWS = 32;

    /** Largest difference over the largest magnitude of the array. */
    private static final double TOLERANCE = 2e-4;

    private Agreement() {}

    /**
     * Compares one step of each model and one scoring pass, for both presets.
     *
     * @throws IllegalStateException where they differ by more than float tolerance
     */
    public static void check(PeerProcess peer) throws IOException {
        float[] images = Pictures.floats(ROWS);
        float[] importance = new float[ROWS];
        Arrays.fill(importance, 1);
        importance[3] = 0; // as after the gate
        for (Preset preset : Preset.values()) {
            vae(peer, preset, images, importance);
            gan(peer, preset, images, importance);
            score(peer, preset, images);
        }
    }

    private static void vae(PeerProcess peer, Preset preset, float[] images, float[] importance) throws IOException {
        float[] noise = normals(ROWS * preset.vae(ROWS).latent());
        try (Vae vae = new Vae(preset.vae(ROWS), Preset.SIZE, new CounterRandom(2, 0))) {
            vae.initialiseOutput(Arrays.copyOf(images, Preset.SIZE));
            System.arraycopy(images, 0, vae.input(), 0, images.length);
            compare(peer, Wire.VAE, preset, Probe.vae(vae, noise, importance));
        }
    }

    private static void gan(PeerProcess peer, Preset preset, float[] images, float[] importance) throws IOException {
        float[] noise = normals(ROWS * preset.gan().noise());
        try (Gan gan = new Gan(preset.gan(), Preset.SIZE, ROWS, new CounterRandom(3, 0))) {
            compare(peer, Wire.GAN, preset, Probe.gan(gan, images, noise, importance));
        }
    }

    private static void score(PeerProcess peer, Preset preset, float[] images) throws IOException {
        try (Vae vae = new Vae(preset.vae(ROWS), Preset.SIZE, new CounterRandom(2, 0));
                Matrix batch = new Matrix(ROWS, Preset.SIZE);
                VaeScorer scorer = new VaeScorer(vae, batch);
                Mahalanobis mahalanobis = new Mahalanobis(ROWS, scorer.dimensions(), 0.05, true)) {
            System.arraycopy(images, 0, batch.values(), 0, images.length);
            batch.toNative();
            scorer.run();
            double[] distances = mahalanobis.distances(scorer.differences(), 0, ROWS);
            float[][] own = new float[3][ROWS];
            for (int row = 0; row < ROWS; row++) {
                own[0][row] = (float) scorer.crossEntropy(row);
                own[1][row] = (float) scorer.kl(row);
                own[2][row] = (float) distances[row];
            }
            PeerProcess.Answer answer = peer.ask(Wire.SCORE, preset, ROWS, List.of(Probe.weights(vae), images));
            for (int i = 0; i < own.length; i++) {
                compare("score " + i, own[i], answer.arrays().get(i));
            }
        }
    }

    private static void compare(PeerProcess peer, String question, Preset preset, Probe.Step own) throws IOException {
        PeerProcess.Answer answer = peer.ask(question, preset, ROWS, own.inputs());
        for (int i = 0; i < own.losses().length; i++) {
            double difference = Math.abs(own.losses()[i] - answer.losses()[i]);
            if (!(difference <= TOLERANCE * Math.abs(own.losses()[i]))) {
                throw new IllegalStateException("losses of one step of the " + question + " differ: "
                        + Arrays.toString(own.losses()) + " and " + Arrays.toString(answer.losses()));
            }
        }
        for (int i = 0; i < own.gradients().size(); i++) {
            compare(
                    question + " gradient " + i,
                    own.gradients().get(i),
                    answer.arrays().get(i));
        }
    }

    private static void compare(String what, float[] own, float[] other) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < own.length; i++) {
            largest = Math.max(largest, Math.abs(own[i]));
            difference = Math.max(difference, Math.abs(own[i] - other[i]));
        }
        if (own.length != other.length || !(difference <= TOLERANCE * largest)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s differs from libtorch's by %g where its largest is %g",
                    what,
                    difference,
                    largest));
        }
    }

    private static float[] normals(int count) {
        float[] values = new float[count];
        new CounterRandom(5, 0).normals(values, count);
        return values;
    }
}
