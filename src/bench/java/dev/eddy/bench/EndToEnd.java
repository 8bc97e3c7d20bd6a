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
    private static final int COUNT = Integer.getInteger("eddy.bench.records", 250 * 64);
    private static final int PEER_COUNT = 150 * 64;

    /** Twice as many as by default, so that there is one in every reading. */
    private static final Map<String, String> SNAPSHOTS = Map.of("snapshot.every.steps", "250");

    private static final int SCORED = 1000 * 64; // scoring alone is ten times as fast
    private static final int SCORED_SKIP = 200 * 64;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final PeerProcess peer;
    private final FilledBroker broker;
    private final String one;
    private final String two;
    private final String few;

    EndToEnd(PeerProcess peer) throws IOException, InterruptedException {
        this.peer = peer;
        this.broker = new FilledBroker(SCORED);
        this.one = broker.fill("images", 1, SCORED);
        this.two = broker.fill("images-two", 2, SKIP + COUNT + COUNT / 2);
        this.few = broker.fill("images-few", 1, SKIP);
    }

    /** Records a second of the topology of {@code run} at exactly-once, on one partition and thread. */
    double eddy() throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, one, 1, SNAPSHOTS)) {
            return run.rate(SKIP, SKIP + COUNT);
        }
    }

    /** The same for two partitions on two threads, together. */
    double eddyOnTwo() throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, two, 2, SNAPSHOTS)) {
            return run.rate(2 * SKIP, 2 * (SKIP + COUNT));
        }
    }

    /** The same as {@link #eddy} without training. */
    double scoring() throws InterruptedException {
        try (LearnerRun run = new LearnerRun(broker, one, 1, Map.of("train", "false"))) {
            return run.rate(SCORED_SKIP, SCORED - 64);
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
        try (LearnerRun run = new LearnerRun(broker, one, 1, SNAPSHOTS)) {
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
