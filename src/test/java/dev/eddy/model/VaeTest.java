package dev.eddy.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaeTest {

    private static final int SIZE = 6;
    private static final int ROWS = 4;

    private static VaeConfig config(int warmup, double ema) {
        return new VaeConfig(true, List.of(7, 5), 3, List.of(5, 7), ROWS, 1e-2, warmup, ema, true, 1, 0);
    }

    private static Vae vae(VaeConfig config) {
        Vae vae = new Vae(config, SIZE, new CounterRandom(11, 0));
        vae.initialiseOutput(new float[] {0.1f, 0.9f, 0.5f, 0, 1, 0.3f});
        return vae;
    }

    private static void fill(float[] images, long seed) {
        CounterRandom random = new CounterRandom(seed, 0);
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.uniform();
        }
    }

    @Test
    void lossAndGradientsAreThoseOfFiniteDifferences() {
        for (int warmup : new int[] {0, 4}) {
            try (Vae vae = vae(config(warmup, 0.999))) {
                fill(vae.input(), 5);
                float[] noise = new float[ROWS * 3];
                new CounterRandom(6, 0).normals(noise, noise.length);
                float[] importance = {1, 0, 1, 1};
                VaeLoss loss = vae.computeGradients(importance, 0, noise);
                double[] weights = Reference.doubles(vae.weights().values());
                assertEquals(referenceLoss(vae, weights, noise, importance), loss.total(), 1e-4);
                GradientCheck.check(
                        vae.weights().values(),
                        vae.gradients().values(),
                        w -> referenceLoss(vae, w, noise, importance));
            }
        }
    }

    private static double referenceLoss(Vae vae, double[] weights, float[] noise, float[] importance) {
        double sum = 0;
        double total = 0;
        for (int row = 0; row < ROWS; row++) {
            double[] x = Reference.row(vae.input(), row, SIZE);
            double[] posterior = Reference.forward(vae.encoderLayers(), weights, x);
            double[] z = new double[3];
            double loss = 0;
            for (int j = 0; j < 3; j++) {
                double mean = posterior[j];
                double logVariance = posterior[3 + j];
                z[j] = mean + Math.exp(logVariance / 2) * noise[row * 3 + j];
                loss += vae.klWeight() * (mean * mean + Math.exp(logVariance) - logVariance - 1) / 2;
            }
            double[] logits = Reference.forward(vae.decoderLayers(), weights, z);
            for (int i = 0; i < SIZE; i++) {
                loss += Reference.softplus(logits[i]) - x[i] * logits[i];
            }
            sum += importance[row] * loss;
            total += importance[row];
        }
        return sum / total;
    }

    @Test
    void updatesLowerTheLoss() {
        try (Vae vae = vae(config(0, 0.999))) {
            float[] ones = {1, 1, 1, 1};
            CounterRandom random = new CounterRandom(1, 0);
            double first = 0;
            double last = 0;
            for (int i = 0; i < 300; i++) {
                fill(vae.input(), i % 2);
                random.at(i, 0);
                double total = vae.train(ones, 0, random).total();
                first += i < 30 ? total : 0;
                last += i >= 270 ? total : 0;
            }
            assertTrue(last < 0.97 * first, first / 30 + " nats at first, " + last / 30 + " at last");
        }
    }

    @Test
    void anUpdateThatIsNotFiniteKeepsTheWeights() {
        try (Vae vae = vae(config(0, 0.999))) {
            fill(vae.input(), 5);
            vae.input()[3] = Float.NaN;
            float[] before = vae.weights().values().clone();
            VaeLoss loss = vae.train(new float[] {1, 1, 1, 1}, 0, new CounterRandom(1, 0));
            assertFalse(loss.applied());
            assertFalse(loss.finite());
            assertArrayEquals(before, vae.weights().values());
            assertEquals(0, vae.updates());

            fill(vae.input(), 5);
            assertTrue(vae.train(new float[] {1, 1, 1, 1}, 0, new CounterRandom(1, 0))
                    .applied());
            assertEquals(1, vae.updates());
        }
    }

    @Test
    void nothingToTrainOnIsNoUpdateAndNoFault() {
        try (Vae vae = vae(config(0, 0))) {
            float[] before = vae.weights().values().clone();
            VaeLoss loss = vae.train(new float[ROWS], 0, new CounterRandom(1, 0));
            assertFalse(loss.applied());
            assertTrue(loss.finite());
            assertArrayEquals(before, vae.weights().values());
        }
    }

    @Test
    void scorerMeasuresWithThePosteriorMean() {
        try (Vae vae = vae(config(0, 0));
                Matrix images = new Matrix(ROWS, SIZE);
                VaeScorer scorer = new VaeScorer(vae, images)) {
            fill(images.values(), 8);
            images.toNative();
            scorer.run();
            double[] weights = Reference.doubles(vae.weights().values());
            for (int row = 0; row < ROWS; row++) {
                double[] x = Reference.row(images.values(), row, SIZE);
                double[] posterior = Reference.forward(vae.encoderLayers(), weights, x);
                double[] z = java.util.Arrays.copyOf(posterior, 3);
                double[] logits = Reference.forward(vae.decoderLayers(), weights, z);
                double crossEntropy = 0;
                for (int i = 0; i < SIZE; i++) {
                    crossEntropy += Reference.softplus(logits[i]) - x[i] * logits[i];
                    assertEquals(Reference.sigmoid(logits[i]), scorer.reconstructions()[row * SIZE + i], 1e-5);
                }
                assertEquals(crossEntropy, scorer.crossEntropy(row), 1e-4);
                assertTrue(scorer.kl(row) >= 0);
            }
            assertEquals(7 + 5 + 3, scorer.dimensions());
        }
    }
}
