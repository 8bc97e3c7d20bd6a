package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.nn.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnerEvaluationTest {

    private static final int BATCH = 8;

    private static Learner learner() {
        return new Learner(
                new LearnerConfig(
                        1,
                        new Geometry(4, 4, 1),
                        BATCH,
                        3,
                        new VaeConfig(true, List.of(12, 8), 3, List.of(8, 12), 4, 2e-3, 20, 0.999, true, 1, 50),
                        new GanConfig(
                                true,
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
                        new AnomalyConfig(0.05, 200, 300, 4, 0.05, true, 5, true, 0.9, 1e6)),
                0);
    }

    private static byte[] image(int index) {
        CounterRandom random = new CounterRandom(99, index);
        byte[] pixels = new byte[16];
        for (int i = 0; i < 16; i++) {
            pixels[i] = (byte) random.below(256);
        }
        return pixels;
    }

    private static void train(Learner learner, int batches) {
        for (int i = 0; i < batches * BATCH; i++) {
            learner.add(image(i));
            if (learner.isFull()) {
                learner.train();
            }
        }
    }

    @Test
    void imagesThatAreDiscardedLeaveNoTrace() {
        try (Learner plain = learner();
                Learner asked = learner()) {
            train(plain, 10);
            train(asked, 5);
            asked.add(image(1000));
            asked.add(image(1001));
            Score score = asked.score(1);
            asked.negativeElbos(3);
            asked.features(0);
            asked.discard();
            assertEquals(0, asked.rows());
            asked.add(image(1001));
            Score alone = asked.score(0);
            assertEquals(score.reconstructionError(), alone.reconstructionError(), 1e-4);
            assertEquals(score.score(), alone.score(), 1e-4);
            asked.discard();
            for (int i = 5 * BATCH; i < 10 * BATCH; i++) {
                asked.add(image(i));
                if (asked.isFull()) {
                    asked.train();
                }
            }
            assertEquals(plain.weightsSha256(), asked.weightsSha256());
        }
    }

    @Test
    void aNegativeElboIsOneDrawThatComesAgain() {
        try (Learner learner = learner()) {
            train(learner, 50);
            for (int i = 0; i < 5; i++) {
                learner.add(image(2000 + i));
            }
            double[] first = learner.negativeElbos(0);
            assertEquals(5, first.length);
            assertArrayEquals(first, learner.negativeElbos(0));
            assertFalse(Arrays.equals(first, learner.negativeElbos(1)));
            for (int row = 0; row < 5; row++) {
                assertTrue(first[row] > learner.score(row).kl());
                assertTrue(learner.crossEntropy(row) >= learner.score(row).reconstructionError());
            }
        }
    }
}
