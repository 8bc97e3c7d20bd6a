package dev.eddy.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Folds contributions as they lie in their log once more, and compares with the rounds that were sent. */
public final class PlainFold {

    private PlainFold() {}

    /** Puts messages together from the chunks of several senders; each sender's come in order. */
    public static final class Assembly {

        private final Map<Integer, List<byte[]>> open = new HashMap<>();

        /** The message that a chunk completes; fails if it is torn. */
        public Optional<byte[]> add(int sender, byte[] chunk) {
            List<byte[]> chunks = open.computeIfAbsent(sender, unused -> new ArrayList<>());
            chunks.add(chunk);
            if (chunks.size() < Parcel.label(chunk).orElseThrow().count()) {
                return Optional.empty();
            }
            byte[] message = Parcel.join(chunks).orElseThrow(() -> new AssertionError("a torn message"));
            chunks.clear();
            return Optional.of(message);
        }
    }

    /**
     * Checks that each partition contributed at most once to each round, and that each round is the average of those
     * that came first and moves the weights as it should: none was lost, counted twice or changed. The first must have
     * waited for no more than its quorum.
     *
     * @param contributions in the order of their log
     * @param rounds 1, 2, 3, ...
     * @param late whether a contribution that no round counts was read after its round was closed
     */
    public static void check(
            Aggregation fold,
            List<Contribution> contributions,
            List<GlobalWeights> rounds,
            Predicate<Contribution> late) {
        Set<List<Long>> seen = new HashSet<>();
        for (Contribution c : contributions) {
            if (!seen.add(List.of((long) c.partition(), c.round()))) {
                throw new AssertionError("partition " + c.partition() + " contributed twice to round " + c.round());
            }
        }
        for (int i = 0; i < rounds.size(); i++) {
            GlobalWeights round = rounds.get(i);
            if (round.round() != i + 1) {
                throw new AssertionError("round " + round.round() + " where " + (i + 1) + " was expected");
            }
            Map<Integer, float[]> differences = new HashMap<>();
            List<Contribution> sent = contributions.stream()
                    .filter(c -> c.round() == round.round() - 1)
                    .toList();
            sent.stream().skip(round.contributors()).filter(late.negate()).forEach(c -> {
                throw new AssertionError(
                        "the contribution of partition " + c.partition() + " to round " + round.round() + " is lost");
            });
            sent.stream().limit(round.contributors()).forEach(c -> {
                // Whom later rounds wait for depends on what came late to them, which is not folded here.
                if (round.round() == 1 && fold.isComplete()) {
                    throw new AssertionError("the first round was not closed when it was complete");
                }
                if (fold.offer(c) != Aggregation.Verdict.COUNTED) {
                    throw new AssertionError("contribution to round " + round.round() + " does not count");
                }
                differences.put(c.partition(), c.difference());
            });
            GlobalWeights expected = fold.close(partition -> differences.getOrDefault(partition, new float[0]));
            if (expected.samples() != round.samples() || !Arrays.equals(expected.weights(), round.weights())) {
                throw new AssertionError("round " + round.round() + " is not that of its contributions");
            }
        }
    }
}
