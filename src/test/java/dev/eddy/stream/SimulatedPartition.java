package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.Parcel;
import dev.eddy.sync.PlainFold;
import dev.eddy.sync.SyncCodec;
import dev.eddy.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A partition of {@link SyncSimulation}: the real learner, and a transaction over all that it reads and writes. */
final class SimulatedPartition implements AutoCloseable {

    private static final int CHUNK_BYTES = 256;

    private final int number;
    private final StreamSettings settings;
    private final SplittableRandom random;
    private final UnaryOperator<ByteStore> sabotage;
    private final StartedLearner started;
    private final LongSupplier clock;
    private final MemoryLog log = new MemoryLog();
    private final DurableStore store = new DurableStore();
    private final List<byte[]> arrived = new ArrayList<>(); // chunks of global weights
    private final List<SyncSimulation.Addressed> unsent = new ArrayList<>();
    private final List<Long> scored = new ArrayList<>(); // offsets
    private final Set<Long> valid = new HashSet<>(); // offsets
    private long consumerPosition;
    private int read;
    private int readCommitted;
    private int scoredCommitted;
    private @Nullable String modelCommitted;

    SimulatedPartition(
            int number,
            StreamSettings settings,
            SplittableRandom random,
            UnaryOperator<ByteStore> sabotage,
            Telemetry telemetry,
            LongSupplier clock) {
        this.number = number;
        this.settings = settings;
        this.random = random;
        this.sabotage = sabotage;
        this.started = new StartedLearner(telemetry);
        this.clock = clock;
    }

    int number() {
        return number;
    }

    void start() {
        consumerPosition = log.committed().orElse(0);
        started.start(
                settings,
                number,
                sabotage.apply(store.open()),
                log.connect(random.split()),
                new Transaction(),
                Models.NONE,
                clock);
        if (modelCommitted != null) {
            for (int i = 0; i < 10_000 && started.learner().phase() != PartitionLearner.Phase.TRAINING; i++) {
                log.failures(0);
                started.learner().tick();
            }
            assertEquals(modelCommitted, describe(), "partition " + number + " after a crash");
        }
    }

    /** Step, round and weights; what must be the same whatever happened in between. */
    private String describe() {
        Learner m = started.model();
        return "step " + m.step() + ", round " + m.round() + ", " + m.weightsSha256();
    }

    void append(int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextInt(10) == 0) {
                log.append(new byte[3]);
            } else {
                valid.add(log.end());
                log.append(Tiny.image(random));
            }
        }
    }

    void poll(int count) {
        for (SourceRecord record : log.from(consumerPosition, count)) {
            MemoryLog.image(record).ifPresent(started.learner()::process);
            consumerPosition = record.offset() + 1;
        }
    }

    /** Global weights are there to be read. */
    void arrive(byte[] chunk) {
        arrived.add(chunk);
    }

    void receive(int count) {
        for (int i = 0; i < count && read < arrived.size(); i++) {
            long before = started.model().round();
            started.learner().receive(arrived.get(read++));
            assertTrue(started.model().round() >= before, "the round goes back");
        }
    }

    void tick() {
        started.learner().tick();
    }

    void failures(int inTen) {
        log.failures(inTen);
    }

    /** Returns what others may see from now on. */
    List<SyncSimulation.Addressed> commit() {
        if (consumerPosition > 0) {
            log.commit(consumerPosition);
        }
        store.commit();
        readCommitted = read;
        scoredCommitted = scored.size();
        modelCommitted = started.learner().phase() == PartitionLearner.Phase.TRAINING ? describe() : null;
        started.learner().committed();
        List<SyncSimulation.Addressed> sent = List.copyOf(unsent);
        unsent.clear();
        return sent;
    }

    void crash() {
        close();
        store.crash(0);
        unsent.clear();
        read = readCommitted;
        scored.subList(scoredCommitted, scored.size()).clear();
    }

    /** Reads all there is, until nothing is left to do. */
    void drain(Runnable advanceClock) {
        poll(Integer.MAX_VALUE);
        receive(Integer.MAX_VALUE);
        for (int i = 0; started.learner().isBusy(); i++) {
            assertTrue(i < 10_000, "never comes to rest");
            advanceClock.run();
            started.learner().tick();
        }
    }

    boolean hasImages() {
        return !valid.isEmpty();
    }

    long round() {
        return started.model().round();
    }

    void checkScores() {
        assertEquals(valid.size(), scored.size(), "scores of partition " + number);
        assertEquals(valid, new HashSet<>(scored));
    }

    /** All global weights that were sent to this partition: rounds 1, 2, 3, ... */
    List<GlobalWeights> roundsReceived() {
        List<GlobalWeights> rounds = new ArrayList<>();
        PlainFold.Assembly assembly = new PlainFold.Assembly();
        for (byte[] chunk : arrived) {
            assembly.add(number, chunk).ifPresent(message -> rounds.add(SyncCodec.globalWeights(message)));
        }
        return rounds;
    }

    @Override
    public void close() {
        started.close();
    }

    /** What others see only after a commit. */
    private final class Transaction extends NoOutput {

        @Override
        public void score(PendingImage image, Score score) {
            scored.add(image.offset());
        }

        @Override
        public long contribution(Contribution contribution) {
            for (byte[] chunk : Parcel.split(SyncCodec.encode(contribution), CHUNK_BYTES)) {
                unsent.add(new SyncSimulation.Addressed(number, chunk));
            }
            return 0;
        }
    }
}
