package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.StateCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnerTest {

    private static final int BATCH = 8;

    private static LearnerConfig config(long seed, int replayUpdates) {
        return config(seed, true, replayUpdates, 1);
    }

    private static LearnerConfig config(long seed, boolean vae, int vaeUpdates, int ganUpdates) {
        return new LearnerConfig(
                seed,
                new Geometry(4, 4, 1),
                BATCH,
                3,
                new VaeConfig(vae, List.of(12, 8), 3, List.of(8, 12), 4, 2e-3, 20, 0.999, true, vaeUpdates, 50),
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
                        ganUpdates),
                new AnomalyConfig(0.05, 300, 300, 4, 0.05, true, 5, true, 0.9, 1e6));
    }

    private static byte[] image(int index) {
        CounterRandom random = new CounterRandom(99, index);
        byte[] pixels = new byte[16];
        int row = random.below(4);
        for (int i = 0; i < 4; i++) {
            pixels[4 * row + i] = (byte) (128 + random.below(128));
        }
        return pixels;
    }

    /** The scores of images {@code from} to {@code to - 1}, read when {@code linger} says or when the batch is full. */
    private static List<Score> feed(Learner learner, int from, int to, int linger) {
        List<Score> scores = new ArrayList<>();
        int firstUnread = learner.rows();
        for (int i = from; i < to; i++) {
            int row = learner.add(image(i));
            if (learner.isFull() || (linger > 0 && i % linger == 0)) {
                for (int r = firstUnread; r <= row; r++) {
                    scores.add(learner.score(r));
                }
                firstUnread = row + 1;
            }
            if (learner.isFull()) {
                learner.train();
                firstUnread = 0;
            }
        }
        return scores;
    }

    @Test
    void theSameImagesInAnyArrivalPatternGiveBitEqualScoresAndWeights() {
        try (Learner whole = new Learner(config(1, 1), 0);
                Learner lingering = new Learner(config(1, 1), 0);
                Learner eager = new Learner(config(1, 1), 0)) {
            int n = 100 * BATCH;
            List<Score> expected = feed(whole, 0, n, 0);
            assertEquals(n, expected.size());
            assertEquals(expected, feed(lingering, 0, n, 3));
            assertEquals(expected, feed(eager, 0, n, 1));
            assertEquals(whole.weightsSha256(), lingering.weightsSha256());
            assertEquals(whole.weightsSha256(), eager.weightsSha256());
            assertEquals(100, whole.step());
        }
    }

    @Test
    void seedAndPartitionDecideTheWeights() {
        try (Learner one = new Learner(config(1, 1), 0);
                Learner same = new Learner(config(1, 1), 0);
                Learner otherSeed = new Learner(config(2, 1), 0);
                Learner otherPartition = new Learner(config(1, 1), 1)) {
            assertEquals(one.weightsSha256(), same.weightsSha256());
            assertNotEquals(one.weightsSha256(), otherSeed.weightsSha256());
            assertNotEquals(one.weightsSha256(), otherPartition.weightsSha256());
            feed(one, 0, BATCH, 0);
            assertNotEquals(one.weightsSha256(), same.weightsSha256(), "a step changes the weights");
        }
    }

    @Test
    void aRestoredLearnerGoesOnBitForBit() {
        for (LearnerConfig config : List.of(
                config(1, true, 1, 1),
                config(1, true, 3, 1),
                config(1, true, 1, 3),
                config(1, true, 2, 2),
                config(1, false, 1, 3))) {
            try (Learner whole = new Learner(config, 0);
                    Learner restored = new Learner(config, 0)) {
                feed(whole, 0, 70 * BATCH, 0);
                new StateCopy(whole::visit).restore(restored::visit);
                restored.restored();
                assertEquals(whole.weightsSha256(), restored.weightsSha256());
                assertEquals(feed(whole, 70 * BATCH, 140 * BATCH, 0), feed(restored, 70 * BATCH, 140 * BATCH, 3));
                assertEquals(whole.weightsSha256(), restored.weightsSha256());
            }
        }
    }

    @Test
    void theReplayOfEachModelIsItsOwn() {
        try (Learner neither = new Learner(config(1, true, 1, 1), 0);
                Learner vae = new Learner(config(1, true, 3, 1), 0);
                Learner gan = new Learner(config(1, true, 1, 2), 0);
                Learner both = new Learner(config(1, true, 3, 2), 0)) {
            int n = 60 * BATCH;
            assertEquals(feed(neither, 0, n, 0), feed(gan, 0, n, 0));
            assertEquals(feed(vae, 0, n, 0), feed(both, 0, n, 0));
            assertArrayEquals(weights("vae/weights", neither), weights("vae/weights", gan));
            assertArrayEquals(weights("vae/weights", vae), weights("vae/weights", both));
            for (String weights : List.of("gan/generator/weights", "gan/discriminator/weights")) {
                assertArrayEquals(weights(weights, neither), weights(weights, vae));
                assertFalse(Arrays.equals(weights(weights, neither), weights(weights, gan)), weights);
            }
        }
    }

    private static float[] weights(String name, Learner learner) {
        return (float[]) new StateCopy(learner::visit).array(name);
    }

    @Test
    void theGanReplaysWhatTheGateLetThrough() {
        for (boolean vae : new boolean[] {true, false}) {
            try (Learner learner = new Learner(config(1, vae, 1, 3), 0)) {
                int through = 0;
                for (int step = 0; step < 300; step++) {
                    for (int row = 0; row < BATCH; row++) {
                        learner.add(image(step * BATCH + row));
                    }
                    StepReport report = learner.train();
                    assertEquals(3, report.ganUpdates());
                    assertEquals(vae ? BATCH / 4 : 0, report.vaeUpdates());
                    through += BATCH - report.rejected();
                }
                assertTrue(through < 300 * BATCH, "the gate refused nothing");
                assertArrayEquals(new long[] {through}, (long[]) new StateCopy(learner::visit).array("reservoir/seen"));
            }
        }
    }

    @Test
    void samplesDoNotDisturbTheFold() {
        try (Learner plain = new Learner(config(1, 1), 0);
                Learner sampled = new Learner(config(1, 1), 0)) {
            List<Score> expected = feed(plain, 0, 20 * BATCH, 0);
            List<Score> scores = new ArrayList<>();
            for (int batch = 0; batch < 20; batch++) {
                scores.addAll(feed(sampled, batch * BATCH, (batch + 1) * BATCH, 0));
                for (Learner.SampleKind kind : Learner.SampleKind.values()) {
                    float[][] samples = sampled.samples(kind, 11);
                    assertArrayEquals(samples[10], sampled.samples(kind, 11)[10]);
                }
            }
            assertEquals(expected, scores);
            assertEquals(plain.weightsSha256(), sampled.weightsSha256());
        }
    }

    @Test
    void scoresAreHonestFromTheFirstRecordOn() {
        try (Learner learner = new Learner(config(1, 1), 0)) {
            List<Score> scores = feed(learner, 0, 200 * BATCH, 0);
            assertTrue(scores.get(0).warming());
            assertFalse(scores.get(scores.size() - 1).warming());
            int anomalies = 0;
            int warm = 0;
            boolean calibrated = false;
            for (Score score : scores) {
                assertTrue(Double.isFinite(score.score()) && Double.isFinite(score.kl()));
                assertTrue(score.reconstructionError() >= 0 && score.kl() >= 0 && score.rapp() >= 0);
                assertTrue(score.pValue() > 0 && score.pValue() <= 1);
                assertEquals(score.anomaly(), !score.warming() && score.pValue() <= 0.05);
                anomalies += score.anomaly() ? 1 : 0;
                warm += score.warming() ? 0 : 1;
                assertFalse(calibrated && score.warming(), "calibration is not lost again");
                calibrated = !score.warming();
            }
            assertTrue(anomalies > 0 && anomalies < 0.15 * warm, anomalies + " of " + warm);
        }
    }

    @Test
    void theGateRefusesWhatIsStrangeAndOpensAgainWhenItStays() {
        try (Learner learner = new Learner(config(1, 1), 0)) {
            feed(learner, 0, 300 * BATCH, 0);
            int[] refused = new int[60];
            for (int step = 0; step < refused.length; step++) {
                for (int row = 0; row < BATCH; row++) {
                    byte[] image = image(step * BATCH + row);
                    for (int i = 0; i < image.length; i++) {
                        image[i] = (byte) (255 - (image[i] & 0xFF));
                    }
                    learner.add(image);
                }
                refused[step] = learner.train().rejected();
            }
            assertEquals(BATCH, refused[0], "all of the first are refused");
            int later = 0;
            for (int step = 30; step < refused.length; step++) {
                later += refused[step];
            }
            assertTrue(later < 0.3 * 30 * BATCH, later + " refused after 240");
        }
    }

    @Test
    void theQualityOfSamplesDoesNotDisturbTheFold() {
        try (Learner plain = new Learner(config(1, 1), 0);
                Learner judged = new Learner(config(1, 1), 0)) {
            feed(plain, 0, 40 * BATCH, 0);
            feed(judged, 0, 31 * BATCH, 0);
            assertNull(judged.sampleQuality(), "too few images");
            feed(judged, 31 * BATCH, 39 * BATCH, 0);
            int row = judged.add(image(39 * BATCH));
            Score before = judged.score(row);
            SampleQuality quality = judged.sampleQuality();
            assertNotNull(quality);
            assertTrue(quality.frechetDistance() > 0 && Double.isFinite(quality.frechetDistance()));
            assertTrue(quality.coverage() >= 0 && quality.coverage() <= 1);
            assertEquals(quality, judged.sampleQuality());
            assertEquals(before, judged.score(row));
            feed(judged, 39 * BATCH + 1, 40 * BATCH, 0);
            assertEquals(plain.weightsSha256(), judged.weightsSha256());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae/weights", "gan/discriminator/weights"})
    void trainingStopsAfterUpdatesOfEitherModelThatAreNotFiniteAndScoringGoesOn(String weightsOfOne) {
        try (Learner learner = new Learner(config(1, 1), 0)) {
            feed(learner, 0, BATCH, 0);
            learner.visit((StateCopy.AnyArray) (name, values) -> {
                if (name.equals(weightsOfOne)) { // those that train; those that score stay
                    ((float[]) values)[0] = Float.NaN;
                }
            });
            learner.restored();
            int discarded = 0;
            for (int i = 0; !learner.trainingStopped(); i++) {
                assertTrue(i < 10, "it never stopped");
                for (int row = 0; row < BATCH; row++) {
                    learner.add(image(row));
                }
                learner.score(0);
                discarded += learner.train().discardedUpdates();
            }
            assertTrue(discarded >= 3);
            learner.add(image(1));
            assertFalse(learner.score(0).anomaly());
            learner.resumeTraining();
            assertFalse(learner.trainingStopped());
        }
    }

    @Test
    void misuseIsRefused() {
        try (Learner learner = new Learner(config(1, 1), 0)) {
            assertThrows(IllegalStateException.class, learner::train);
            assertThrows(IllegalArgumentException.class, () -> learner.add(new byte[15]));
            assertThrows(IndexOutOfBoundsException.class, () -> learner.score(0));
            for (int i = 0; i < BATCH; i++) {
                learner.add(image(i));
            }
            assertThrows(IllegalStateException.class, () -> learner.add(image(0)));
        }
    }
}
