package dev.eddy.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaeScorerTest {

    private static final int SIZE = 6;
    private static final int ROWS = 4;

    @Test
    void aSampledCrossEntropyIsTheOneThatTrainingSees() {
        VaeConfig config = new VaeConfig(true, List.of(7, 5), 3, List.of(5, 7), ROWS, 1e-2, 0, 0, true, 1, 0);
        try (Vae vae = new Vae(config, SIZE, new CounterRandom(11, 0));
                Matrix images = new Matrix(ROWS, SIZE);
                VaeScorer scorer = new VaeScorer(vae, images)) {
            CounterRandom random = new CounterRandom(8, 0);
            for (int i = 0; i < images.values().length; i++) {
                images.values()[i] = (float) random.uniform();
            }
            images.toNative();
            scorer.run();
            float[] reconstructions = scorer.reconstructions().clone();
            double[] nats = new double[ROWS];
            scorer.sampledCrossEntropy(new CounterRandom(9, 0), nats);

            System.arraycopy(images.values(), 0, vae.input(), 0, vae.input().length);
            float[] noise = new float[ROWS * 3];
            new CounterRandom(9, 0).normals(noise, noise.length);
            for (int row = 0; row < ROWS; row++) {
                float[] importance = new float[ROWS];
                importance[row] = 1;
                VaeLoss loss = vae.computeGradients(importance, 0, noise);
                assertEquals(loss.reconstruction(), nats[row], 1e-5);
                assertEquals(loss.kl(), scorer.kl(row), 1e-5);
            }
            assertArrayEquals(reconstructions, scorer.reconstructions());
        }
    }

    @Test
    void featuresAreTheLastHiddenActivations() {
        VaeConfig config = new VaeConfig(true, List.of(7, 5), 3, List.of(5, 7), ROWS, 1e-2, 0, 0, true, 1, 0);
        try (Vae vae = new Vae(config, SIZE, new CounterRandom(11, 0));
                Matrix images = new Matrix(ROWS, SIZE);
                VaeScorer scorer = new VaeScorer(vae, images)) {
            images.values()[0] = 1;
            images.toNative();
            scorer.run();
            assertEquals(5, scorer.featureCount());
            double sum = 0;
            for (int i = 0; i < 5; i++) {
                assertTrue(scorer.features(0)[i] >= 0);
                sum += scorer.features(0)[i];
            }
            assertTrue(sum > 0);
        }
    }

    @Test
    void differencesEndWithThoseOfTheMeans() {
        VaeConfig config = new VaeConfig(true, List.of(7, 5), 3, List.of(5, 7), ROWS, 1e-2, 0, 0, true, 1, 0);
        try (Vae vae = new Vae(config, SIZE, new CounterRandom(11, 0));
                Matrix images = new Matrix(ROWS, SIZE);
                VaeScorer scorer = new VaeScorer(vae, images)) {
            CounterRandom random = new CounterRandom(8, 0);
            random.normals(vae.weights().values(), vae.weights().values().length); // biases too
            vae.weights().changed();
            for (int i = 0; i < images.values().length; i++) {
                images.values()[i] = (float) random.uniform();
            }
            images.toNative();
            scorer.run();
            float[] differences = scorer.differences().clone();
            float[][] means = new float[ROWS][3];
            float[][] reconstructions = new float[ROWS][SIZE];
            for (int row = 0; row < ROWS; row++) {
                scorer.readMean(row, means[row], 0);
                System.arraycopy(scorer.reconstructions(), row * SIZE, reconstructions[row], 0, SIZE);
            }
            float[][] again = scorer.encode(reconstructions);
            for (int row = 0; row < ROWS; row++) {
                for (int j = 0; j < 3; j++) {
                    int at = row * scorer.dimensions() + 7 + 5 + j;
                    assertEquals(means[row][j] - again[row][j], differences[at]);
                }
            }
        }
    }
}
