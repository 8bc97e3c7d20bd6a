package dev.eddy.backtest;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.nn.Gaussian;
import dev.eddy.sync.Aggregation;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.OuterOptimizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream dealt out to the learners of several partitions in memory, which learn at the same pace: each by itself, or
 * all one model by way of the aggregation. Global weights arrive a step after the last contribution, as on a cluster.
 */
final class PartitionedRun implements AutoCloseable {

    private static final int FLIGHT_STEPS = 1;

    private final List<Learner> learners = new ArrayList<>();
    private final @Nullable Aggregation aggregation;
    private final float[][] differences; // of the open round, by partition
    private final Map<Integer, GlobalWeights> inFlight = new HashMap<>();
    private final long[] adoptAtStep;
    private long values; // sent, contributions and global weights

    /** @param optimizer of the outer steps, used if the configuration synchronises */
    PartitionedRun(LearnerConfig config, int partitions, OuterOptimizer optimizer) {
        adoptAtStep = new long[partitions];
        differences = new float[partitions][];
        for (int partition = 0; partition < partitions; partition++) {
            learners.add(new Learner(config, partition));
        }
        aggregation = config.syncEverySteps() == 0
                ? null
                : new Aggregation(optimizer, 1, config.seed(), partitions, config.parameters());
    }

    void learn(LabelledImages stream) {
        for (int i = 0; i < stream.size(); i++) {
            int partition = i % learners.size();
            Learner learner = learners.get(partition);
            learner.add(stream.images().get(i));
            if (learner.isFull()) {
                learner.train();
                synchronise(partition, learner);
            }
        }
        learners.forEach(Learner::discard);
    }

    private void synchronise(int partition, Learner learner) {
        if (aggregation == null) {
            return;
        }
        if (inFlight.containsKey(partition) && learner.step() >= adoptAtStep[partition]) {
            learner.adopt(inFlight.remove(partition));
        }
        if (!learner.contributionDue()) {
            return;
        }
        Contribution contribution = learner.contribute();
        values += contribution.difference().length;
        if (aggregation.offer(contribution) != Aggregation.Verdict.COUNTED) {
            throw new IllegalStateException("not counted: partition " + partition);
        }
        differences[partition] = contribution.difference();
        if (aggregation.isComplete()) {
            GlobalWeights global = aggregation.close(from -> differences[from]);
            for (int to = 0; to < learners.size(); to++) {
                inFlight.put(to, global);
                adoptAtStep[to] = learners.get(to).step() + FLIGHT_STEPS;
                values += global.weights().length;
            }
        }
    }

    long rounds() {
        return aggregation == null ? 0 : aggregation.round();
    }

    /** Bytes of contributions and of global weights for each record learned from. */
    double bytesPerRecord(LabelledImages stream) {
        return 4.0 * values / stream.size();
    }

    /** Mean over the partitions of the test's negative ELBO, nats. */
    double negativeElbo(LabelledImages test) {
        double sum = 0;
        for (Learner learner : learners) {
            int rows = learner.config().batchSize();
            for (int first = 0; first < test.size(); first += rows) {
                add(learner, test, first);
                for (double nats : learner.negativeElbos(first)) {
                    sum += nats;
                }
                learner.discard();
            }
        }
        return sum / learners.size() / test.size();
    }

    /** Mean over the partitions of the AUROC of the test's scores. */
    double auroc(LabelledImages test, Set<Integer> normal) {
        double sum = 0;
        for (Learner learner : learners) {
            List<ScoredImage> scores = new ArrayList<>();
            int rows = learner.config().batchSize();
            for (int first = 0; first < test.size(); first += rows) {
                int count = add(learner, test, first);
                for (int row = 0; row < count; row++) {
                    Integer label = test.label(first + row);
                    boolean isNormal = normal.contains(label);
                    scores.add(new ScoredImage(
                            first + row, label, isNormal, learner.score(row), learner.crossEntropy(row)));
                }
                learner.discard();
            }
            Roc roc = Measure.SCORE.roc(scores);
            sum += roc == null ? Double.NaN : roc.area();
        }
        return sum / learners.size();
    }

    /** Mean over the partitions of the Fréchet distance between the GAN's samples and the test. */
    double frechetDistance(Classifier classifier, Gaussian real, int count) {
        double sum = 0;
        for (Learner learner : learners) {
            List<byte[]> samples = Pictures.quantised(learner.samples(SampleKind.GAN, count));
            sum += real.frechetDistance(Gaussian.of(classifier.features(samples)));
        }
        return sum / learners.size();
    }

    private static int add(Learner learner, LabelledImages test, int first) {
        int count = Math.min(learner.config().batchSize(), test.size() - first);
        for (int row = 0; row < count; row++) {
            learner.add(test.images().get(first + row));
        }
        return count;
    }

    @Override
    public void close() {
        learners.forEach(Learner::close);
    }
}
