package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.StateCopy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A score that is not warming is compared with scores of its own scale only. */
class WarmingTest {

    private static final int BATCH = 8;
    private static final int WINDOW = 100;

    private static Learner learner(int window, int referenceWindow) {
        return new Learner(
                new LearnerConfig(
                        1,
                        new Geometry(4, 4, 1),
                        BATCH,
                        3,
                        new VaeConfig(true, List.of(12, 8), 3, List.of(8, 12), 4, 2e-3, 20, 0.999, true, 1, 50),
                        new GanConfig(
                                false,
                                4,
                                List.of(8),
                                List.of(8),
                                GanConfig.Loss.RELATIVISTIC,
                                0.5,
                                1e-3,
                                0,
                                0.999,
                                0.2,
                                true,
                                1),
                        new AnomalyConfig(0.05, window, referenceWindow, 4, 0.05, true, 5, true, 0.9, 1e6)),
                0);
    }

    /** Whether the images of the next micro-batch are scored as warming. */
    private static boolean step(Learner learner) {
        for (int row = 0; row < BATCH; row++) {
            CounterRandom random = new CounterRandom(99, (int) learner.step() * BATCH + row);
            byte[] pixels = new byte[16];
            int line = random.below(4);
            for (int i = 0; i < 4; i++) {
                pixels[4 * line + i] = (byte) (128 + random.below(128));
            }
            learner.add(pixels);
        }
        boolean warming = learner.score(0).warming();
        learner.train();
        return warming;
    }

    private static boolean isFitted(Learner learner) {
        return ((long[]) new StateCopy(learner::visit).array("calibration/mahalanobis/fits"))[0] > 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {WINDOW, 300})
    void aReferenceShorterThanTheFirstFitWaitsForIt(int window) {
        try (Learner learner = learner(window, 100)) {
            while (!isFitted(learner)) {
                assertTrue(step(learner), "not warming before the first covariance");
            }
            int ofOneScale = 0;
            while (step(learner)) {
                ofOneScale += BATCH;
            }
            assertEquals((window + BATCH - 1) / BATCH * BATCH, ofOneScale);
            for (int i = 0; i < 100; i++) {
                assertFalse(step(learner), "calibration is lost again");
            }
        }
    }

    @Test
    void aFirstCovarianceThatComesLateBeginsTheCalibrationAnew() {
        try (Learner learner = learner(WINDOW, 300)) {
            for (int i = 0; i < 30; i++) {
                step(learner);
            }
            spoil(learner, 200);
            boolean warming = true;
            while (!isFitted(learner)) {
                warming = step(learner);
            }
            assertTrue(learner.step() * BATCH > 500, "the covariance was to be late");
            assertFalse(warming, "without a covariance distances keep their scale as well");
            assertTrue(step(learner), "compared with scores of another scale");
        }
    }

    /** No covariance can be estimated while the reference holds this vector. */
    private static void spoil(Learner learner, int slot) {
        learner.visit((StateCopy.AnyArray) (name, values) -> {
            if (name.equals("calibration/vectors")) {
                float[] vectors = (float[]) values;
                vectors[slot * (vectors.length / 300)] = Float.NaN;
            }
        });
        learner.restored();
    }
}
