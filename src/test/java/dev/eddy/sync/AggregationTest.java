package dev.eddy.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.sync.Aggregation.Verdict;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AggregationTest {

    private static final long SEED = 5;
    private static final float TOLERANCE = 1e-6f;

    private final Map<Integer, float[]> differences = new HashMap<>();

    private static Aggregation of(OuterOptimizer optimizer, double quorum, int partitions) {
        return new Aggregation(optimizer, quorum, SEED, partitions, 2);
    }

    private Verdict offer(Aggregation aggregation, int partition, long round, long samples, float... difference) {
        Verdict verdict = aggregation.offer(new Contribution(SEED, partition, round, 1, samples, difference));
        if (verdict == Verdict.COUNTED) {
            differences.put(partition, difference);
        }
        return verdict;
    }

    private GlobalWeights close(Aggregation aggregation) {
        return aggregation.close(differences::get);
    }

    @Test
    void theFirstRoundIsTheAverageOfTheWeightsBySamples() {
        Aggregation aggregation = of(new OuterOptimizer(0.7, 0.9), 1, 2);
        assertEquals(Verdict.COUNTED, offer(aggregation, 1, 0, 300, 8, 0));
        assertFalse(aggregation.isComplete());
        assertEquals(Verdict.COUNTED, offer(aggregation, 0, 0, 100, 4, 4));
        assertTrue(aggregation.isComplete());
        GlobalWeights global = close(aggregation);
        assertEquals(1, global.round());
        assertEquals(2, global.contributors());
        assertEquals(400, global.samples());
        assertArrayEquals(new float[] {7, 1}, global.weights(), TOLERANCE);
    }

    @Test
    void laterRoundsTakeNesterovsStep() {
        Aggregation aggregation = of(new OuterOptimizer(0.5, 0.8), 1, 1);
        offer(aggregation, 0, 0, 10, 1, 1);
        close(aggregation);
        double weight = 1;
        double velocity = 0;
        for (int round = 1; round < 5; round++) {
            offer(aggregation, 0, round, 10, round, 0);
            velocity = 0.8 * velocity + round;
            weight += 0.5 * (round + 0.8 * velocity);
            assertArrayEquals(
                    new float[] {(float) weight, 1}, close(aggregation).weights(), TOLERANCE * 10);
        }
    }

    @Test
    void withoutMomentumAtRateOneItIsAveraging() {
        Aggregation aggregation = of(new OuterOptimizer(1, 0), 1, 2);
        offer(aggregation, 0, 0, 10, 2, 2);
        offer(aggregation, 1, 0, 10, 4, 4);
        close(aggregation);
        offer(aggregation, 0, 1, 10, 1, 0);
        offer(aggregation, 1, 1, 30, -1, 2);
        assertArrayEquals(new float[] {2.5f, 4.5f}, close(aggregation).weights(), TOLERANCE);
    }

    @Test
    void whatDoesNotBelongToTheRoundIsDropped() {
        Aggregation aggregation = of(new OuterOptimizer(1, 0), 1, 2);
        offer(aggregation, 0, 0, 10, 1, 1);
        assertEquals(Verdict.DUPLICATE, offer(aggregation, 0, 0, 10, 9, 9));
        assertEquals(Verdict.FOREIGN, offer(aggregation, 2, 0, 10, 9, 9));
        assertEquals(Verdict.FOREIGN, offer(aggregation, -1, 0, 10, 9, 9));
        assertEquals(Verdict.FOREIGN, offer(aggregation, 1, 1, 10, 9, 9), "of a round to come");
        assertEquals(Verdict.FOREIGN, offer(aggregation, 1, 0, 0, 9, 9), "of no images");
        assertEquals(Verdict.FOREIGN, offer(aggregation, 1, 0, 10, 9, 9, 9), "of another length");
        assertEquals(Verdict.FOREIGN, offer(aggregation, 1, 0, 10, 9, Float.NaN));
        assertEquals(Verdict.FOREIGN, offer(aggregation, 1, 0, 10, Float.NEGATIVE_INFINITY, 9));
        assertEquals(Verdict.FOREIGN, aggregation.offer(new Contribution(SEED + 1, 1, 0, 1, 10, new float[] {9, 9})));
        assertArrayEquals(new float[] {1, 1}, close(aggregation).weights());
        assertEquals(Verdict.STALE, offer(aggregation, 1, 0, 10, 9, 9));
        assertFalse(aggregation.isComplete());
        assertThrows(IllegalStateException.class, () -> close(aggregation));
    }

    @Test
    void aPartitionThatIsMissingHoldsUpOneRoundAndIsWaitedForAgainWhenItComes() {
        Aggregation aggregation = of(new OuterOptimizer(1, 0), 1, 3);
        offer(aggregation, 0, 0, 10, 1, 1);
        offer(aggregation, 1, 0, 10, 1, 1);
        assertFalse(aggregation.isComplete(), "the first round expects all");
        close(aggregation);
        offer(aggregation, 0, 1, 10, 1, 1);
        assertFalse(aggregation.isComplete());
        offer(aggregation, 1, 1, 10, 1, 1);
        assertTrue(aggregation.isComplete(), "who was missing is not expected");
        assertEquals(Verdict.STALE, offer(aggregation, 2, 0, 10, 1, 1));
        assertFalse(aggregation.isComplete(), "who comes late is expected again");
        offer(aggregation, 2, 1, 10, 1, 1);
        assertTrue(aggregation.isComplete());
    }

    @Test
    void aQuorumIsEnough() {
        Aggregation aggregation = of(new OuterOptimizer(1, 0), 0.5, 5);
        offer(aggregation, 0, 0, 10, 1, 1);
        offer(aggregation, 4, 0, 10, 1, 1);
        assertFalse(aggregation.isComplete());
        offer(aggregation, 2, 0, 10, 1, 1);
        assertTrue(aggregation.isComplete());
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        float[] one = null;
        for (int first = 0; first < 3; first++) {
            Aggregation aggregation = of(new OuterOptimizer(0.7, 0.9), 1, 3);
            for (int i = 0; i < 3; i++) {
                int partition = (first + i) % 3;
                offer(aggregation, partition, 0, 10 + partition, 0.1f * partition, 0.3f / (partition + 1));
            }
            float[] weights = close(aggregation).weights();
            one = one == null ? weights : one;
            assertArrayEquals(one, weights);
        }
    }
}
