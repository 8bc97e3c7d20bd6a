package dev.eddy.sync;

import dev.eddy.nn.StateVisitor;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The rounds of one model that learns in many partitions: a deterministic fold over contributions as they arrive and
 * over the moments at which a round is closed. Knows neither Kafka nor a clock. Not thread-safe.
 *
 * <p>A round is complete when a quorum of those partitions has contributed that are expected to: all at first, then
 * those that contributed to the round before or came late to it. So a partition without traffic holds up one round at
 * most, for as long as the caller has patience, and takes part again as soon as it contributes.
 *
 * <p>The first round has no anchor: contributions are weights, and their average becomes the global weights.
 */
public final class Aggregation {

    /** What becomes of a contribution; all but the counted ones are dropped. */
    public enum Verdict {
        COUNTED,
        /** The partition has contributed to this round already. */
        DUPLICATE,
        /** Its round has been closed. */
        STALE,
        /** It is of another model, or of a future that this fold does not know. */
        FOREIGN
    }

    private final OuterOptimizer optimizer;
    private final double quorum;
    private final long seed;
    private final float[] weights; // (parameters)
    private final float[] velocity; // (parameters)
    private final byte[] expected; // (partitions), 1 for those that are waited for
    private final long[] round = new long[1];
    private final SortedMap<Integer, Long> samples = new TreeMap<>(); // of the open round, by partition

    /**
     * @param partitions how many may contribute
     * @param parameters length of a difference
     * @param quorum share of the expected partitions that completes a round, over 0 to 1
     */
    public Aggregation(OuterOptimizer optimizer, double quorum, long seed, int partitions, int parameters) {
        this.optimizer = optimizer;
        this.quorum = quorum;
        this.seed = seed;
        this.weights = new float[parameters];
        this.velocity = new float[parameters];
        this.expected = new byte[partitions];
        Arrays.fill(expected, (byte) 1);
    }

    /** The version of the global weights: rounds closed. */
    public long round() {
        return round[0];
    }

    /** Partitions that have contributed to the open round. */
    public int contributors() {
        return samples.size();
    }

    /** Takes in a contribution; keeps no reference to its difference. */
    public Verdict offer(Contribution contribution) {
        int partition = contribution.partition();
        if (contribution.seed() != seed
                || contribution.difference().length != weights.length
                || partition < 0
                || partition >= expected.length
                || contribution.round() > round[0]
                || contribution.samples() <= 0
                || !isFinite(contribution.difference())) {
            return Verdict.FOREIGN;
        }
        if (contribution.round() < round[0]) {
            await(partition);
            return Verdict.STALE;
        }
        return samples.putIfAbsent(partition, contribution.samples()) == null ? Verdict.COUNTED : Verdict.DUPLICATE;
    }

    /**
     * The open round waits for a partition that came late to an earlier one, as {@link #offer} has found.
     *
     * @param partition 0 to the number of partitions less one
     */
    public void await(int partition) {
        expected[partition] = 1;
    }

    /** Whether a quorum of the expected partitions has contributed to the open round. */
    public boolean isComplete() {
        int wanted = 0;
        int here = 0;
        for (int partition = 0; partition < expected.length; partition++) {
            wanted += expected[partition];
            here += expected[partition] == 1 && samples.containsKey(partition) ? 1 : 0;
        }
        return !samples.isEmpty() && here >= Math.ceil(quorum * wanted);
    }

    /**
     * Closes the open round with those that have contributed.
     *
     * @param differences the difference of each partition whose contribution to this round was counted
     * @throws IllegalStateException if there is none
     */
    public GlobalWeights close(IntFunction<float[]> differences) {
        if (samples.isEmpty()) {
            throw new IllegalStateException("nobody has contributed to round " + (round[0] + 1));
        }
        long all = samples.values().stream().mapToLong(Long::longValue).sum();
        float[] average = new float[weights.length];
        samples.forEach((partition, count) -> {
            float share = (float) ((double) count / all);
            float[] difference = differences.apply(partition);
            for (int i = 0; i < average.length; i++) {
                average[i] += share * difference[i];
            }
        });
        if (round[0] == 0) {
            System.arraycopy(average, 0, weights, 0, average.length);
        } else {
            optimizer.step(weights, velocity, average);
        }
        round[0]++;
        Arrays.fill(expected, (byte) 0);
        samples.keySet().forEach(partition -> expected[partition] = 1);
        int contributors = samples.size();
        samples.clear();
        return new GlobalWeights(seed, round[0], contributors, all, weights.clone());
    }

    /**
     * Walks over the state between two rounds; contributions to the open one, and whom it awaits because of late ones,
     * are not part of it.
     */
    public void visit(StateVisitor visitor) {
        visitor.longs("round", round);
        visitor.bytes("expected", expected);
        visitor.floats("weights", weights);
        visitor.floats("velocity", velocity);
    }

    private static boolean isFinite(float[] values) {
        float sum = 0; // 0 times what is not finite is NaN
        for (float value : values) {
            sum += 0 * value;
        }
        return sum == 0;
    }
}
