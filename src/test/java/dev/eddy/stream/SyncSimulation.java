package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.LearnerConfig;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.sync.Aggregation;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.Parcel;
import dev.eddy.sync.PlainFold;
import dev.eddy.sync.SyncCodec;
import dev.eddy.telemetry.AggregatorMeters;
import dev.eddy.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One seeded life of a model in several partitions: real learners and the real aggregator, each in a transaction of its
 * own over logs and stores in memory, polled, committed and crashed at random. A partition may fall silent or stand
 * still for long; in about half of all lives a round does not wait for all, so that contributions come late. Checked
 * are: what a crash leaves is the model that was committed, bit for bit; every contribution is sent once; the global
 * weights of every round are those of a plain fold over the contributions in the log, all that were read before it was
 * closed; a round is closed by the clock or when all have contributed that it waits for, and then at once; each
 * partition gets every round once; every valid image has one score; in the end all are at the same round.
 */
final class SyncSimulation implements AutoCloseable {

    static final int PARTITIONS = 3;
    private static final int EVENTS = 400;
    private static final int CHUNK_BYTES = 256;

    /** What the simulation is to find out: a faulty store of the learners or of the aggregator. */
    record Sabotage(UnaryOperator<ByteStore> learner, UnaryOperator<ByteStore> aggregator) {

        static final Sabotage NONE = new Sabotage(s -> s, s -> s);
    }

    private final SplittableRandom random;
    private final Sabotage sabotage;
    private final Telemetry telemetry;
    private final StreamSettings settings;
    private final List<SimulatedPartition> partitions = new ArrayList<>();
    private final DurableStore aggregatorStore = new DurableStore();
    private final List<Addressed> contributions = new ArrayList<>(); // committed chunks
    private final List<Addressed> unsent = new ArrayList<>(); // the aggregator's, not committed
    private final List<Closing> closings = new ArrayList<>(); // committed
    private final List<Closing> unsentClosings = new ArrayList<>();
    private @Nullable Aggregator aggregator;
    private @Nullable AggregatorMeters meters;
    private boolean ticking;
    private int read;
    private int readCommitted;
    private long clock = 1_000_000;
    int crashes;
    int late; // contributions to rounds that were closed, known after the check

    /** A chunk to or from a partition. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Addressed(int partition, byte[] chunk) {}

    /**
     * The end of a round.
     *
     * @param read chunks of contributions that the aggregator had read
     * @param timedOut whether it was the clock that closed it
     */
    private record Closing(int read, boolean timedOut) {}

    /**
     * A contribution in the log.
     *
     * @param end chunks up to and with its last
     */
    private record Logged(int end, Contribution contribution) {}

    SyncSimulation(long seed, Sabotage sabotage, Telemetry telemetry) {
        this.random = new SplittableRandom(seed);
        this.sabotage = sabotage;
        this.telemetry = telemetry;
        LearnerConfig learner = Tiny.learner(seed).synchronised(1 + random.nextInt(4));
        this.settings = Tiny.settings(learner, Tiny.sync(random.nextBoolean() ? 1 : 0.5), Map.of());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new SimulatedPartition(
                    partition, settings, random.split(), sabotage.learner(), telemetry, () -> clock));
        }
    }

    void run() {
        partitions.forEach(SimulatedPartition::start);
        startAggregator();
        int silent = random.nextInt(2 * PARTITIONS); // of the half of all lives in which one is
        int absent = -1;
        for (int event = 0; event < EVENTS; event++) {
            clock += random.nextInt(20);
            if (random.nextInt(60) == 0) {
                absent = random.nextInt(PARTITIONS + 1);
            }
            SimulatedPartition partition = partitions.get(random.nextInt(PARTITIONS));
            int dice = random.nextInt(100);
            if (dice < 80) {
                if (partition.number() != absent) {
                    drive(partition, partition.number() == silent);
                }
            } else if (dice < 90) {
                deliverContributions(random.nextInt(8));
            } else if (dice < 93) {
                clock += 700;
                tickAggregator();
            } else if (dice < 97) {
                commitAggregator();
            } else if (dice < 99) {
                crashes++;
                unsent.clear();
                unsentClosings.clear();
                aggregatorStore.crash(0);
                read = readCommitted;
                startAggregator();
            }
        }
        finish();
    }

    private void drive(SimulatedPartition partition, boolean silent) {
        int dice = random.nextInt(100);
        if (dice < 25) {
            partition.append(silent ? 0 : random.nextInt(12));
        } else if (dice < 55) {
            partition.poll(random.nextInt(16));
        } else if (dice < 70) {
            partition.receive(random.nextInt(12));
        } else if (dice < 80) {
            clock += random.nextInt(200);
            partition.tick();
        } else if (dice < 94) {
            contributions.addAll(partition.commit());
        } else if (dice < 98) {
            crashes++;
            partition.crash();
            partition.start();
        } else {
            partition.failures(random.nextInt(3) * 4);
        }
    }

    private void startAggregator() {
        if (meters != null) {
            meters.close();
        }
        AggregatorMeters opened = telemetry.aggregator("images");
        meters = opened;
        aggregator = new Aggregator(
                settings,
                PARTITIONS,
                sabotage.aggregator().apply(aggregatorStore.open()),
                this::broadcast,
                opened,
                () -> clock);
    }

    private void tickAggregator() {
        ticking = true;
        aggregator().tick();
        ticking = false;
    }

    private long broadcast(GlobalWeights weights) {
        unsentClosings.add(new Closing(read, ticking));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (byte[] chunk : Parcel.split(SyncCodec.encode(weights), CHUNK_BYTES)) {
                unsent.add(new Addressed(partition, chunk));
            }
        }
        return 0;
    }

    private void deliverContributions(int count) {
        for (int i = 0; i < count && read < contributions.size(); i++) {
            Addressed next = contributions.get(read++);
            aggregator().receive(next.partition, next.chunk);
        }
    }

    private void commitAggregator() {
        aggregatorStore.commit();
        readCommitted = read;
        unsent.forEach(sent -> partitions.get(sent.partition).arrive(sent.chunk));
        unsent.clear();
        closings.addAll(unsentClosings);
        unsentClosings.clear();
    }

    /** Everything comes to rest. */
    private void finish() {
        for (int turn = 0; turn < 50; turn++) {
            for (SimulatedPartition partition : partitions) {
                partition.failures(0);
                clock += 5_000;
                partition.drain(() -> clock += 500);
                contributions.addAll(partition.commit());
            }
            deliverContributions(Integer.MAX_VALUE);
            clock += 5_000;
            tickAggregator();
            commitAggregator();
        }
        assertTrue(!aggregator().isOpen(), "a round stays open");
        List<GlobalWeights> rounds = checkRounds();
        for (SimulatedPartition partition : partitions) {
            assertEquals(rounds.size(), partition.roundsReceived().size(), "rounds that arrived");
            if (partition.hasImages()) {
                assertEquals(rounds.size(), partition.round(), "round of partition " + partition.number());
            }
            partition.checkScores();
            partition.crash();
            partition.start();
            partition.drain(() -> clock += 500);
            if (partition.hasImages()) {
                assertEquals(rounds.size(), partition.round(), "round after one more start");
            }
        }
    }

    /** Folds the contributions in the log once more, and expects the rounds that were sent. */
    private List<GlobalWeights> checkRounds() {
        List<Logged> all = new ArrayList<>();
        PlainFold.Assembly assembly = new PlainFold.Assembly();
        for (int i = 0; i < contributions.size(); i++) {
            int end = i + 1;
            assembly.add(contributions.get(i).partition, contributions.get(i).chunk)
                    .ifPresent(message -> all.add(new Logged(end, SyncCodec.contribution(message))));
        }
        List<GlobalWeights> rounds = partitions.get(0).roundsReceived();
        List<Contribution> inOrder = all.stream().map(Logged::contribution).toList();
        PlainFold.check(
                fold(), inOrder, rounds, c -> all.get(inOrder.indexOf(c)).end > closings.get((int) c.round()).read);
        checkWaits(all);
        late = all.size()
                - rounds.stream().mapToInt(GlobalWeights::contributors).sum();
        return rounds;
    }

    /** A round is closed by the clock, or as soon as all have contributed that it waits for; none stays open. */
    private void checkWaits(List<Logged> all) {
        Aggregation fold = fold();
        int next = 0;
        for (Closing closing : closings) {
            String round = "round " + (fold.round() + 1);
            for (; next < all.size() && all.get(next).end <= closing.read; next++) {
                assertTrue(!fold.isComplete(), round + " went on when it was complete");
                fold.offer(all.get(next).contribution);
            }
            assertEquals(!closing.timedOut, fold.isComplete(), round + " is complete when it is closed");
            fold.close(partition -> new float[settings.learner().parameters()]);
        }
        for (Logged left : all.subList(next, all.size())) {
            assertEquals(Aggregation.Verdict.STALE, fold.offer(left.contribution), "of a round that stays open");
        }
    }

    private Aggregation fold() {
        LearnerConfig learner = settings.learner();
        return new Aggregation(
                settings.sync().optimizer(),
                settings.sync().quorum(),
                learner.seed(),
                PARTITIONS,
                learner.parameters());
    }

    private Aggregator aggregator() {
        if (aggregator == null) {
            throw new IllegalStateException("not started");
        }
        return aggregator;
    }

    @Override
    public void close() {
        partitions.forEach(SimulatedPartition::close);
        if (meters != null) {
            meters.close();
        }
    }
}
