package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.StateCopy;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SynchronisedLearnerTest {

    private static final int BATCH = 8;
    private static final int EVERY = 5;

    private static LearnerConfig alone() {
        return new LearnerConfig(
                1,
                new Geometry(4, 4, 1),
                BATCH,
                3,
                new VaeConfig(true, List.of(8), 3, List.of(8), 4, 2e-3, 20, 0.999, true, 1, 50),
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
                new AnomalyConfig(0.05, 200, 300, 4, 0.05, true, 3, true, 0.9, 1e6));
    }

    private static Learner learner(int partition) {
        return new Learner(alone().synchronised(EVERY), partition);
    }

    /** Trains on micro-batches that are the partition's and the step's own. */
    private static void train(Learner learner, int partition, int steps) {
        for (int step = 0; step < steps; step++) {
            CounterRandom random = new CounterRandom(1_000L + partition, (int) learner.step());
            for (int row = 0; row < BATCH; row++) {
                byte[] image = new byte[16];
                int line = random.below(4);
                for (int i = 0; i < 4; i++) {
                    image[4 * line + i] = (byte) (100 + random.below(100));
                }
                learner.add(image);
            }
            learner.train();
        }
    }

    /** The weights that training moves. */
    private static float[] flat(Learner learner) {
        StateCopy copy = new StateCopy(learner::visit);
        List<float[]> parts = Stream.of("vae/weights", "gan/generator/weights", "gan/discriminator/weights")
                .map(name -> (float[]) copy.array(name))
                .toList();
        float[] flat = new float[parts.stream().mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, flat, at, part.length);
            at += part.length;
        }
        return flat;
    }

    private static GlobalWeights global(long round, float[] weights) {
        return new GlobalWeights(1, round, 2, 100, weights);
    }

    private static void assertClose(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5f, "weight " + i);
        }
    }

    private static float[] sum(float[] a, float sign, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + sign * b[i];
        }
        return sum;
    }

    @Test
    void modelsThatMeetBeginEqualAndThoseOfTheirOwnDoNot() {
        try (Learner one = learner(0);
                Learner other = learner(3);
                Learner aloneOne = new Learner(alone(), 0);
                Learner aloneOther = new Learner(alone(), 3)) {
            assertEquals(one.weightsSha256(), other.weightsSha256());
            assertEquals(one.weightsSha256(), aloneOne.weightsSha256());
            assertNotEquals(one.weightsSha256(), aloneOther.weightsSha256());
            train(aloneOne, 0, 2 * EVERY);
            assertFalse(aloneOne.contributionDue());
            assertThrows(IllegalStateException.class, aloneOne::contribute);
            assertFalse(aloneOne.adopt(global(1, new float[alone().parameters()])));
        }
    }

    @Test
    void contributingDoesNotChangeTheModel() {
        try (Learner one = learner(0);
                Learner other = new Learner(alone(), 0)) {
            train(one, 0, EVERY);
            one.contribute();
            train(one, 0, 10);
            train(other, 0, EVERY + 10);
            assertEquals(other.weightsSha256(), one.weightsSha256());
        }
    }

    @Test
    void theFirstContributionIsTheWeightsAndLaterOnesTheDifferenceToTheAnchor() {
        try (Learner learner = learner(2)) {
            train(learner, 2, EVERY - 1);
            assertFalse(learner.contributionDue());
            train(learner, 2, 1);
            assertTrue(learner.contributionDue());
            Contribution first = learner.contribute();
            assertEquals(List.of(1L, 2, 0L), List.of(first.seed(), first.partition(), first.round()));
            assertTrue(first.samples() > 0 && first.samples() <= EVERY * BATCH);
            assertClose(flat(learner), first.difference());
            assertEquals(alone().parameters(), first.difference().length);

            train(learner, 2, 3 * EVERY);
            assertFalse(learner.contributionDue(), "the round it contributed to is not over");
            float[] anchor = flat(learner).clone();
            assertTrue(learner.adopt(global(1, anchor)));
            assertTrue(learner.contributionDue());
            Contribution second = learner.contribute();
            assertEquals(1, second.round());
            assertClose(sum(flat(learner), -1, anchor), second.difference());
        }
    }

    @Test
    void whatWasLearnedSinceTheContributionStaysOnTop() {
        try (Learner learner = learner(0)) {
            train(learner, 0, EVERY);
            float[] contributed = learner.contribute().difference();
            train(learner, 0, 2);
            float[] progress = sum(flat(learner), -1, contributed);
            float[] target = sum(contributed, 1, new float[contributed.length]);
            target[0] += 1;
            assertTrue(learner.adopt(global(1, target)));
            assertEquals(1, learner.round());
            assertClose(sum(target, 1, progress), flat(learner));
            assertFalse(learner.adopt(global(1, contributed)), "not newer");
            assertFalse(learner.adopt(new GlobalWeights(2, 2, 1, 1, contributed)), "of another seed");
            assertFalse(learner.adopt(global(2, new float[3])), "of another shape");

            float[] before = flat(learner);
            float[] next = sum(target, 1, target);
            assertTrue(learner.adopt(global(5, next)), "rounds that it took no part in");
            assertClose(sum(next, 1, sum(before, -1, target)), flat(learner));
        }
    }

    @Test
    void aNewcomerTakesTheGlobalWeightsAsTheyAre() {
        try (Learner newcomer = learner(1)) {
            train(newcomer, 1, 2);
            float[] target = new float[alone().parameters()];
            java.util.Arrays.fill(target, 0.01f);
            assertTrue(newcomer.adopt(global(9, target)));
            assertClose(target, flat(newcomer));
            train(newcomer, 1, EVERY - 1);
            assertFalse(newcomer.contributionDue());
            train(newcomer, 1, 1);
            assertEquals(9, newcomer.contribute().round());
        }
    }

    @Test
    void theFirstBatchOfANewcomerMovesTheGlobalWeightsByNoMoreThanItsUpdates() {
        try (Learner newcomer = learner(1)) {
            float[] target = new float[alone().parameters()];
            java.util.Arrays.fill(target, 0.01f);
            assertTrue(newcomer.adopt(global(9, target)));
            train(newcomer, 1, 1);
            float[] moved = sum(flat(newcomer), -1, target);
            for (int i = 0; i < moved.length; i++) {
                assertEquals(0, moved[i], 0.01f, "weight " + i);
            }
        }
    }

    @Test
    void imagesThatWaitAreMeasuredAnewAfterAnAdoption() {
        try (Learner learner = learner(0);
                Learner other = learner(0)) {
            train(learner, 0, 30);
            train(other, 0, 30);
            GlobalWeights global = global(1, new float[alone().parameters()]);
            byte[] image = new byte[16];
            image[3] = 77;
            learner.add(image);
            Score before = learner.score(0);
            learner.adopt(global);
            other.adopt(global);
            other.add(image);
            assertNotEquals(before, learner.score(0));
            assertEquals(other.score(0), learner.score(0));
        }
    }

    @Test
    void aStateRestoredBetweenContributionAndAnswerGoesOnBitForBit() {
        try (Learner whole = learner(0);
                Learner restored = learner(0)) {
            train(whole, 0, EVERY);
            float[] target = whole.contribute().difference();
            train(whole, 0, 2);
            new StateCopy(whole::visit).restore(restored::visit);
            restored.restored();
            for (Learner learner : List.of(whole, restored)) {
                train(learner, 0, 3);
                learner.adopt(global(1, target));
                train(learner, 0, EVERY);
            }
            assertEquals(whole.weightsSha256(), restored.weightsSha256());
            assertEquals(whole.contribute().samples(), restored.contribute().samples());
        }
    }
}
