package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.stream.Simulation.Sabotage;
import dev.eddy.sync.Contribution;
import dev.eddy.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class SimulationTest {

    private static final int SEEDS = Integer.getInteger("eddy.simulation.seeds", 150);
    private static final long FIRST_SEED = Long.getLong("eddy.simulation.seed", 1);
    private static final Telemetry TELEMETRY = new Telemetry("simulation");

    @AfterAll
    static void close() {
        TELEMETRY.close();
    }

    @Test
    void underExactlyOnceEveryLifeEndsAsIfNothingHadHappened() {
        assertTrue(lives(true, SEEDS, Sabotage.NONE) > SEEDS);
    }

    @Test
    void underAtLeastOnceTheModelIsTheSameAndScoresAreEqual() {
        assertTrue(lives(false, SEEDS, Sabotage.NONE) > SEEDS);
    }

    @Test
    void itNoticesAProgressThatRunsAheadOfTheScores() {
        notices(true, withStore(store -> new Altered(store) {
            @Override
            public void put(String key, byte[] value) {
                if (key.equals("progress")) {
                    ByteBuffer progress = ByteBuffer.wrap(value.clone());
                    progress.putLong(9, progress.getLong(9) + 1);
                    super.put(key, progress.array());
                } else {
                    super.put(key, value);
                }
            }
        }));
    }

    /** What says that a record is scored is committed, and its score goes out with the record that follows. */
    @Test
    void itNoticesACommitBeforeTheScore() {
        notices(true, new Sabotage(s -> s, s -> s, LateScores::new));
    }

    @Test
    void itNoticesAProgressThatIsNotWritten() {
        notices(true, withStore(store -> new Altered(store) {
            private int writes;

            @Override
            public void put(String key, byte[] value) {
                if (!key.equals("progress") || writes++ % 3 == 0) {
                    super.put(key, value);
                }
            }
        }));
    }

    @Test
    void itNoticesAHalfFilledBatchThatIsNotReadAgain() {
        notices(true, withSource(source -> new AlteredSource(source) {
            @Override
            public Reader read(long from) {
                return super.read(Math.max(from, committedOffset().orElse(0)));
            }
        }));
    }

    @Test
    void itNoticesARecordThatTheReplaySkips() {
        notices(true, withSource(source -> new AlteredSource(source) {
            @Override
            public Reader read(long from) {
                return super.read(from + 1);
            }
        }));
    }

    @Test
    void itNoticesAStaleCommittedOffset() {
        notices(true, withSource(source -> new AlteredSource(source) {
            @Override
            public OptionalLong committedOffset() {
                OptionalLong committed = super.committedOffset();
                return committed.isPresent() ? OptionalLong.of(Math.max(0, committed.getAsLong() - 5)) : committed;
            }
        }));
    }

    @Test
    void itNoticesSnapshotsThatShareOneSlot() {
        notices(false, withStore(store -> new Altered(store) {
            @Override
            String key(String key) {
                return key.replace("slot-1", "slot-0");
            }
        }));
    }

    private static Sabotage withStore(UnaryOperator<ByteStore> store) {
        return new Sabotage(s -> s, store, o -> o);
    }

    private static Sabotage withSource(UnaryOperator<SourceLog> source) {
        return new Sabotage(source, s -> s, o -> o);
    }

    /** A broken piece must not live through fifty lives, and it is an invariant that ends them, no accident. */
    private static void notices(boolean exactlyOnce, Sabotage sabotage) {
        AssertionError noticed = assertThrows(AssertionError.class, () -> lives(exactlyOnce, 50, sabotage));
        Throwable cause = noticed.getCause();
        if (!(cause instanceof AssertionFailedError)) {
            throw new IllegalStateException("no invariant failed", cause);
        }
    }

    /** The number of crashes survived. */
    private static int lives(boolean exactlyOnce, int seeds, Sabotage sabotage) {
        int crashes = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
            Simulation simulation = new Simulation(seed, exactlyOnce, sabotage, TELEMETRY);
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + (exactlyOnce ? " exactly once: " : " at least once: ") + e.getMessage(), e);
            } finally {
                simulation.closeAll();
            }
            crashes += simulation.crashes;
        }
        return crashes;
    }

    private static class Altered implements ByteStore {

        private final ByteStore store;

        Altered(ByteStore store) {
            this.store = store;
        }

        String key(String key) {
            return key;
        }

        @Override
        public byte @Nullable [] get(String key) {
            return store.get(key(key));
        }

        @Override
        public void put(String key, byte[] value) {
            store.put(key(key), value);
        }

        @Override
        public void delete(String key) {
            store.delete(key(key));
        }
    }

    private static class AlteredSource implements SourceLog {

        private final SourceLog source;

        AlteredSource(SourceLog source) {
            this.source = source;
        }

        @Override
        public OptionalLong committedOffset() {
            return source.committedOffset();
        }

        @Override
        public Reader read(long from) {
            return source.read(from);
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** Holds each score back until the next one is published. */
    private static final class LateScores implements Output {

        private final Output output;
        private Runnable held = () -> {};

        LateScores(Output output) {
            this.output = output;
        }

        @Override
        public void score(PendingImage image, Score score) {
            held.run();
            held = () -> output.score(image, score);
        }

        @Override
        public void anomaly(PendingImage image, Score score, float[] reconstruction) {
            output.anomaly(image, score, reconstruction);
        }

        @Override
        public void samples(SampleKind kind, long step, float[][] images) {
            output.samples(kind, step, images);
        }

        @Override
        public long contribution(Contribution contribution) {
            return output.contribution(contribution);
        }

        @Override
        public void model(String key, byte @Nullable [] value) {
            output.model(key, value);
        }

        @Override
        public void ordinary(PendingImage image, float[] reconstruction) {
            output.ordinary(image, reconstruction);
        }
    }
}
