package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import dev.eddy.telemetry.Telemetry;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.StreamsConfig;

/**
 * One seeded life of a partition: records and rubbish are appended, polled in random portions, committed at random
 * moments; the learner crashes, hands over, cannot reach the source; the clock jumps. The real {@link PartitionLearner}
 * runs on a log and a store in memory with a transaction's semantics, or under at-least-once with a crash that keeps
 * parts of what was not committed. After every event the guarantees are checked against {@link Reference}.
 */
final class Simulation implements AutoCloseable {

    private static final int EVENTS = 150;

    /** What the simulation is to find out: each replaces one piece of the surroundings by a faulty one. */
    record Sabotage(UnaryOperator<SourceLog> source, UnaryOperator<ByteStore> store, UnaryOperator<Output> output) {

        static final Sabotage NONE = new Sabotage(s -> s, s -> s, o -> o);
    }

    private final SplittableRandom random;
    private final boolean exactlyOnce;
    private final Sabotage sabotage;
    private final StartedLearner started;
    private final StreamSettings settings;
    private final Reference reference;
    private final MemoryLog log = new MemoryLog();
    private final DurableStore store = new DurableStore();
    private final Published published;
    private final int clockStep;
    private boolean committedAnew;
    private long clock = 1_000_000;

    private long consumerPosition;
    private long committedBefore;
    private boolean snapshotCommitted;
    private int stalls;
    int crashes;

    Simulation(long seed, boolean exactlyOnce, Sabotage sabotage, Telemetry telemetry) {
        this.random = new SplittableRandom(seed);
        this.exactlyOnce = exactlyOnce;
        this.sabotage = sabotage;
        this.started = new StartedLearner(telemetry);
        this.settings = Tiny.settings(
                Tiny.learner(seed),
                exactlyOnce
                        ? Map.of()
                        : Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE));
        this.reference = new Reference(settings.learner(), 0);
        this.published = new Published(reference, exactlyOnce);
        this.clockStep = new int[] {1, 20, 150}[random.nextInt(3)];
    }

    void run() {
        start();
        for (int event = 0; event < EVENTS; event++) {
            int dice = random.nextInt(100);
            if (dice < 33) {
                append(random.nextInt(12));
            } else if (dice < 68) {
                poll(random.nextInt(20));
            } else if (dice < 80) {
                tick(random.nextInt(200));
            } else if (dice < 83) {
                tick(3_000);
            } else if (dice < 93) {
                commit();
            } else if (dice < 96) {
                crash();
                start();
            } else if (dice < 98) {
                commit();
                close();
                start();
            } else if (!exactlyOnce && snapshotCommitted && random.nextInt(3) == 0) {
                stall();
            } else {
                log.failures(random.nextInt(3) * 4);
            }
            check();
        }
        finish();
    }

    private void append(int n) {
        for (int i = 0; i < n; i++) {
            switch (random.nextInt(12)) {
                case 0 -> log.append(new byte[random.nextInt(3) * 5]);
                case 1 -> log.append(null);
                case 2 -> log.appendMarker();
                default -> {
                    byte[] pixels = Tiny.image(random);
                    reference.add(log.end(), pixels);
                    log.append(pixels);
                }
            }
        }
    }

    private void start() {
        consumerPosition = log.committed().orElse(0);
        checkRestorable();
        started.start(
                settings,
                0,
                sabotage.store.apply(store.open()),
                sabotage.source.apply(log.connect(random.split())),
                sabotage.output.apply(published),
                Models.NONE,
                () -> clock += random.nextInt(clockStep + 1));
    }

    /**
     * Once there was a snapshot, a replay is bounded: there is always one to begin with. A stalled instance can set
     * the word on what is owed back behind both; then the fold begins at its origin.
     */
    private void checkRestorable() {
        ByteStore found = sabotage.store.apply(store.open());
        Progress progress = Progress.read(found);
        if (snapshotCommitted && stalls == 0 && progress != null) {
            long bound = Math.min(log.committed().orElse(0), progress.scoredThrough());
            try (Learner into = new Learner(settings.learner(), 0)) {
                assertTrue(
                        new SnapshotStore(found, settings.snapshotChunkBytes())
                                .restore("images", 0, bound, Fingerprint.of(into.config()), into::visit, r -> {})
                                .isPresent(),
                        "no snapshot to begin with at " + bound);
            }
        }
    }

    private void poll(int n) {
        for (SourceRecord record : log.from(consumerPosition, n)) {
            MemoryLog.image(record).ifPresent(started.learner()::process);
            consumerPosition = record.offset() + 1;
        }
        if (log.from(consumerPosition, 1).isEmpty()) {
            consumerPosition = log.end(); // past markers
        }
    }

    private void tick(int millis) {
        clock += millis;
        started.learner().tick();
    }

    private void commit() {
        if (consumerPosition > 0) {
            log.commit(consumerPosition);
        }
        store.commit();
        published.commit();
        committedAnew = true;
        started.learner().committed();
        ByteStore durable = store.open();
        Progress progress = Progress.read(durable);
        snapshotCommitted |= progress != null
                && new SnapshotStore(durable, settings.snapshotChunkBytes())
                        .newest()
                        .filter(header -> header.nextOffset() <= progress.scoredThrough())
                        .isPresent();
    }

    private void crash() {
        crashes++;
        close();
        store.crash(exactlyOnce ? 0 : random.nextInt(store.uncommitted() + 1));
        published.crash(exactlyOnce ? 0 : random.nextInt(published.uncommitted() + 1));
    }

    /**
     * Another instance takes over and goes on, while this one believes that the partition is still its own: nothing
     * fences off what it writes. Then it is given the partition back.
     */
    private void stall() {
        if (random.nextBoolean()) { // before it has taken in a record
            close();
            start();
        }
        PartitionLearner stalled = started.learner();
        Learner stalledModel = started.model();
        long stalledPosition = consumerPosition;
        start();
        append(random.nextInt(30));
        poll(random.nextInt(40));
        maybeRest(started.learner());
        check();
        commit();
        maybeRest(stalled);
        log.from(stalledPosition, random.nextInt(40))
                .forEach(record -> MemoryLog.image(record).ifPresent(stalled::process));
        maybeRest(stalled);
        assertEquals(reference.digest(stalledModel.step()), stalledModel.weightsSha256(), "weights of the stalled one");
        stalled.close();
        stalls++;
        close();
        start();
    }

    private void maybeRest(PartitionLearner rested) {
        if (random.nextBoolean()) {
            clock += 3_000;
            rested.tick();
        }
    }

    /** Everything comes to rest, and the run must have the result of the one that never crashed. */
    private void finish() {
        log.failures(0);
        while (!log.from(consumerPosition, 1).isEmpty()) {
            poll(50);
        }
        for (int i = 0; started.learner().isBusy(); i++) {
            assertTrue(i < 10_000, "never comes to rest");
            tick(500);
            if (!exactlyOnce) {
                commit(); // a snapshot may wait for it
            }
        }
        commit();
        check();
        assertEquals(reference.steps(), started.model().step(), "steps");
        assertEquals(reference.digest(reference.steps()), started.model().weightsSha256(), "weights at the end");
        published.checkAll(settings.samplesEverySteps());
        close();
        start();
        for (int i = 0; started.learner().isBusy(); i++) {
            assertTrue(i < 10_000, "never comes to rest");
            tick(500);
        }
        assertEquals(
                reference.digest(reference.steps()), started.model().weightsSha256(), "weights after one more start");
    }

    private void check() {
        Learner m = started.model();
        assertTrue(m.step() <= reference.steps(), () -> "step " + m.step() + " of " + reference.steps());
        assertEquals(reference.digest(m.step()), m.weightsSha256(), "weights at step " + m.step());
        published.check();
        long committed = log.committed().orElse(0);
        assertTrue(committed >= committedBefore, "committed offset goes back");
        committedBefore = committed;
        if (exactlyOnce && committedAnew) {
            checkCommitted(committed);
            committedAnew = false;
        }
    }

    /** What a successor would find if the learner were killed now. */
    private void checkCommitted(long committed) {
        ByteStore durable = store.openCommitted();
        Progress progress = Progress.read(durable);
        if (progress == null) {
            reference
                    .scores()
                    .keySet()
                    .forEach(offset -> assertTrue(
                            offset >= committed,
                            "offset " + offset + " is committed, and nothing says that its score is owed"));
            return;
        }
        assertTrue(progress.scoredThrough() <= committed, "scored through what is not committed");
        Set<Long> scored = published.committedOffsets();
        for (long offset : reference.scores().keySet()) {
            assertEquals(
                    offset < progress.scoredThrough(),
                    scored.contains(offset),
                    "offset " + offset + " has a score, while scored through is " + progress.scoredThrough());
        }
        OptionalLong snapshot = new SnapshotStore(durable, settings.snapshotChunkBytes())
                .newest().stream().mapToLong(SnapshotHeader::nextOffset).findFirst();
        assertTrue(snapshot.orElse(progress.origin()) <= progress.scoredThrough(), "no model to score with");
    }

    @Override
    public void close() {
        started.close();
    }

    void closeAll() {
        close();
        reference.close();
    }
}
