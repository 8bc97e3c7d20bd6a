package dev.eddy.bench;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Records a second through the embedded broker, from topics that are filled beforehand: the topology of {@code run}
 * against a consumer's loop around libtorch, and against the learner alone on the same pictures. Each reading starts
 * anew from the topic's beginning and leaves the first records out, in which clients start. Time on the wall: a rate
 * through a broker is nothing else.
 */
final class EndToEnd implements AutoCloseable {

    private static final int SKIP = 40 * 64;

    /** As many as come between two snapshots of a learner, so that there is one in every reading. */
    private static final int COUNT = Integer.getInteger("eddy.bench.records", 500 * 64);

    private static final int PEER_COUNT = 6 * 16 * 64; // six estimations of the covariance
    private static final int SCORED = 800 * 64; // scoring alone is ten times as fast
    private static final int SCORED_SKIP = 200 * 64;

    /** Records behind those of a reading: no learner idles while the last glance at it is due. */
    private static final int SPARE = 10_000;

    private static final int SCORED_SPARE = 40_000;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final PeerProcess peer;
    private final FilledBroker broker;
    private final String one;
    private final String two;
    private final String few;

    EndToEnd(PeerProcess peer) throws IOException, InterruptedException {
        this.peer = peer;
        int most = Math.max(SKIP + COUNT + SPARE, SCORED + SCORED_SPARE);
        this.broker = new FilledBroker(most);
        this.one = broker.fill("images", 1, most);
        this.two = broker.fill("images-two", 2, SKIP + COUNT + COUNT / 2 + SPARE); // one may be ahead
        this.few = broker.fill("images-few", 1, SKIP);
    }

    /** Records a second of the topology of {@code run} at exactly-once, on one partition and thread. */
    double eddy() throws InterruptedException {
        return rate(one, 1);
    }

    /** The same for two partitions on two threads, together. */
    double eddyOnTwo() throws InterruptedException {
        return rate(two, 2);
    }

    private double rate(String topic, int partitions) throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, topic, partitions, Map.of())) {
            return run.rate(partitions * SKIP, partitions * (SKIP + COUNT));
        }
    }

    /** The same as {@link #eddy} without training. */
    double scoring() throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, one, 1, Map.of("train", "false"))) {
            return run.rate(SCORED_SKIP, SCORED);
        }
    }

    /** Records a second of libtorch behind a plain consumer. */
    double libtorch() throws IOException {
        return PEER_COUNT * 1e9 / peer.consume(broker.servers(), one, SKIP, PEER_COUNT);
    }

    /** Records a second of the learner alone, scores read, on the same pictures. */
    double inProcess() {
        return inProcess(Preset.DEFAULT.learner(64, 32), SKIP, PEER_COUNT);
    }

    /** The same without training. */
    double scoringInProcess() {
        return inProcess(Preset.DEFAULT.scorer(64), SCORED_SKIP, SCORED - SCORED_SKIP);
    }

    private double inProcess(LearnerConfig config, int skip, int count) {
        try (Learner learner = new Learner(config, 0)) {
            learn(learner, 0, skip);
            long start = System.nanoTime();
            learn(learner, skip, count);
            return count * 1e9 / (System.nanoTime() - start);
        }
    }

    private void learn(Learner learner, int from, int count) {
        for (int i = from; i < from + count; i++) {
            learner.add(broker.pictures()[i]);
            if (learner.isFull()) {
                for (int row = 0; row < learner.rows(); row++) {
                    learner.score(row);
                }
                learner.train();
            }
        }
    }

    /** Bytes that the stream thread allocates on the heap for a record, Kafka's clients included. */
    double allocatedBytes() throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, one, 1, Map.of())) {
            double from = run.await(SKIP);
            long before = run.allocatedBytes();
            double to = run.await(SKIP + COUNT);
            return (run.allocatedBytes() - before) / (to - from);
        }
    }

    /** What the threads of a learner with nothing to do, and those of its clients, take of a core. */
    double idleShare() throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, few, 1, Map.of())) {
            run.await(SKIP);
            run.awaitLastSnapshot();
            long before = run.processorNanos();
            long start = System.nanoTime();
            run.pass(IDLE);
            return (double) (run.processorNanos() - before) / (System.nanoTime() - start);
        }
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
