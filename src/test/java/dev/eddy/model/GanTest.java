package dev.eddy.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Layers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GanTest {

    private static final int SIZE = 5;
    private static final int ROWS = 4;
    private static final float[] IMPORTANCE = {1, 1, 0, 1};

    private static GanConfig config(GanConfig.Loss loss, double gamma, boolean dataInitialisation) {
        return new GanConfig(
                true, 3, List.of(6, 4), List.of(7, 4), loss, gamma, 1e-3, 0, 0.999, 0.2, dataInitialisation, 1);
    }

    private static float[] images() {
        CounterRandom random = new CounterRandom(4, 0);
        float[] images = new float[ROWS * SIZE];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.uniform();
        }
        return images;
    }

    @ParameterizedTest
    @CsvSource({"RELATIVISTIC, 0.5, true", "RELATIVISTIC, 3, false", "RELATIVISTIC, 0, true", "NON_SATURATING, 0, false"
    })
    void lossesAndGradientsAreThoseOfFiniteDifferences(GanConfig.Loss kind, double gamma, boolean dataInitialisation) {
        try (Gan gan = new Gan(config(kind, gamma, dataInitialisation), SIZE, ROWS, new CounterRandom(3, 0))) {
            Layers g = Layers.of(3, List.of(6, 4), SIZE, 0, 0.2);
            Layers d = Layers.of(SIZE, List.of(7, 4), 1, 0, 0.2);
            float[] noise = gan.generator().input().values();
            new CounterRandom(9, 0).normals(noise, noise.length);
            float[] images = images();
            GanLoss loss = gan.computeGradients(images, IMPORTANCE);
            double[] gw = Reference.doubles(gan.generatorWeights().values());
            double[] dw = Reference.doubles(gan.discriminator().weights().values());
            ReferenceGame game = new ReferenceGame(g, d, noise, images, kind, gamma, dataInitialisation);
            assertEquals(game.discriminatorLoss(gw, dw), loss.discriminator(), 1e-5);
            assertEquals(game.generatorLoss(gw, dw), loss.generator(), 1e-5);
            GradientCheck.check(
                    gan.discriminator().weights().values(),
                    gan.discriminator().gradients().values(),
                    w -> game.discriminatorLoss(gw, w));
            GradientCheck.check(
                    gan.generatorWeights().values(), gan.generatorGradients().values(), w -> game.generatorLoss(w, dw));
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record ReferenceGame(
            Layers g, Layers d, float[] noise, float[] images, GanConfig.Loss kind, double gamma, boolean centred) {

        double discriminatorLoss(double[] gw, double[] dw) {
            double sum = 0;
            double total = 0;
            for (int row = 0; row < ROWS; row++) {
                double[] real = input(Reference.row(images, row, SIZE));
                double[] fake = input(fake(gw, row));
                double a = Reference.forward(d, dw, real)[0];
                double b = Reference.forward(d, dw, fake)[0];
                double loss = kind == GanConfig.Loss.RELATIVISTIC
                        ? Reference.softplus(b - a) + gamma / 2 * (penalty(dw, real) + penalty(dw, fake))
                        : Reference.softplus(-a) + Reference.softplus(b);
                sum += IMPORTANCE[row] * loss;
                total += IMPORTANCE[row];
            }
            return sum / total;
        }

        double generatorLoss(double[] gw, double[] dw) {
            double sum = 0;
            double total = 0;
            for (int row = 0; row < ROWS; row++) {
                double a = Reference.forward(d, dw, input(Reference.row(images, row, SIZE)))[0];
                double b = Reference.forward(d, dw, input(fake(gw, row)))[0];
                sum += IMPORTANCE[row] * Reference.softplus(kind == GanConfig.Loss.RELATIVISTIC ? a - b : -b);
                total += IMPORTANCE[row];
            }
            return sum / total;
        }

        /** Squared norm of the logit's gradient by the pixels. */
        private double penalty(double[] dw, double[] input) {
            double sum = 0;
            for (double u : Reference.inputGradient(d, dw, input)) {
                double byPixel = centred ? 2 * u : u;
                sum += byPixel * byPixel;
            }
            return sum;
        }

        private double[] fake(double[] gw, int row) {
            double[] pixels = Reference.forward(g, gw, Reference.row(noise, row, 3));
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = Reference.sigmoid(pixels[i]);
            }
            return pixels;
        }

        private double[] input(double[] pixels) {
            double[] input = pixels.clone();
            for (int i = 0; i < input.length; i++) {
                input[i] = centred ? 2 * pixels[i] - 1 : pixels[i];
            }
            return input;
        }
    }

    @Test
    void anUpdateThatIsNotFiniteKeepsTheWeights() {
        GanConfig config = config(GanConfig.Loss.RELATIVISTIC, 0.5, true);
        try (Gan gan = new Gan(config, SIZE, ROWS, new CounterRandom(3, 0))) {
            float[] images = images();
            images[0] = Float.NaN;
            float[] generator = gan.generatorWeights().values().clone();
            float[] discriminator = gan.discriminator().weights().values().clone();
            GanLoss loss = gan.train(images, IMPORTANCE, new CounterRandom(1, 0));
            assertFalse(loss.applied());
            assertFalse(loss.finite());
            assertArrayEquals(generator, gan.generatorWeights().values());
            assertArrayEquals(discriminator, gan.discriminator().weights().values());

            assertTrue(gan.train(images(), IMPORTANCE, new CounterRandom(1, 0)).applied());
        }
    }

    /** All images the same: the generator must find it. */
    @Test
    void theGeneratorApproachesTheData() {
        GanConfig config = new GanConfig(
                true, 3, List.of(16), List.of(16), GanConfig.Loss.RELATIVISTIC, 0.5, 1e-2, 0, 0.99, 0.2, true, 1);
        try (Gan gan = new Gan(config, SIZE, ROWS, new CounterRandom(3, 0))) {
            float[] target = {0.1f, 0.8f, 0.5f, 0.9f, 0.2f};
            float[] images = new float[ROWS * SIZE];
            for (int row = 0; row < ROWS; row++) {
                System.arraycopy(target, 0, images, row * SIZE, SIZE);
            }
            CounterRandom random = new CounterRandom(5, 0);
            for (int i = 0; i < 1500; i++) {
                random.at(i, 1);
                assertTrue(gan.train(images, IMPORTANCE, random).applied());
            }
            float[][] samples = new float[6][SIZE];
            gan.sample(random, samples);
            for (float[] sample : samples) {
                for (int i = 0; i < SIZE; i++) {
                    assertEquals(target[i], sample[i], 0.15);
                }
            }
        }
    }
}
