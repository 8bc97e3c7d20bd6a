package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.snapshot.ByteStore;
import dev.eddy.stream.SyncSimulation.Sabotage;
import dev.eddy.telemetry.Telemetry;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SyncSimulationTest {

    private static final int SEEDS = Integer.getInteger("eddy.simulation.seeds", 60);
    private static final long FIRST_SEED = Long.getLong("eddy.simulation.seed", 1);
    private static final Telemetry TELEMETRY = new Telemetry("simulation");

    @AfterAll
    static void close() {
        TELEMETRY.close();
    }

    @Test
    void throughAllCrashesNoContributionIsLostOrCountedTwiceAndAllEndAtTheSameRound() {
        Survived survived = lives(SEEDS, Sabotage.NONE);
        assertTrue(survived.crashes > 3 * SEEDS, survived::toString);
        assertTrue(survived.late >= SEEDS / 2, survived::toString);
    }

    @Test
    void itNoticesAContributionThatIsSentAgainInAReplay() {
        notices(new Sabotage(without((key, write) -> key.equals("contributed")), s -> s));
    }

    @Test
    void itNoticesAnAdoptionWithoutASnapshot() {
        notices(new Sabotage(without((key, write) -> key.endsWith("manifest") && write % 3 == 0), s -> s));
    }

    @Test
    void itNoticesGlobalWeightsThatAreNotKeptUntilTheyCanBeAdopted() {
        notices(new Sabotage(without((key, write) -> key.startsWith("global/") && write % 2 == 0), s -> s));
    }

    @Test
    void itNoticesContributionsThatTheAggregatorForgets() {
        notices(new Sabotage(s -> s, without((key, write) -> key.startsWith("from-1/") && write % 3 == 0)));
    }

    @Test
    void itNoticesAnAggregatorThatForgetsItsRounds() {
        notices(new Sabotage(s -> s, without((key, write) -> key.endsWith("manifest") && write % 2 == 0)));
    }

    @Test
    void itNoticesThatTheLastContributionIsForgottenInACrash() {
        String[] last = new String[1]; // that was written, by the name of its inbox
        AssertionError noticed = notices(new Sabotage(s -> s, store -> {
            if (last[0] != null) {
                store.delete(last[0] + "/00000");
            }
            return without(store, (key, write) -> {
                last[0] = key.startsWith("from-") ? key.substring(0, key.indexOf('/')) : last[0];
                return false;
            });
        }));
        assertTrue(String.valueOf(noticed.getMessage()).endsWith("is lost"), noticed::getMessage);
    }

    @Test
    void itNoticesALatecomerThatIsNotAwaitedAfterACrash() {
        notices(new Sabotage(s -> s, without((key, write) -> key.startsWith("late-"))));
    }

    /** It is an invariant that ends a life, no accident. */
    private static AssertionError notices(Sabotage sabotage) {
        AssertionError noticed = assertThrows(AssertionError.class, () -> lives(30, sabotage));
        if (!(noticed.getCause() instanceof AssertionError)) {
            throw new IllegalStateException("no invariant failed", noticed.getCause());
        }
        return noticed;
    }

    /**
     * What all lives together went through.
     *
     * @param late contributions to rounds that were closed
     */
    private record Survived(int crashes, int late) {}

    private static Survived lives(int seeds, Sabotage sabotage) {
        int crashes = 0;
        int late = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
            try (SyncSimulation simulation = new SyncSimulation(seed, sabotage, TELEMETRY)) {
                simulation.run();
                crashes += simulation.crashes;
                late += simulation.late;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        return new Survived(crashes, late);
    }

    /** A store that does not keep some writes: told the key and how many writes to such keys were before. */
    private static UnaryOperator<ByteStore> without(BiPredicate<String, Integer> forgets) {
        return store -> without(store, forgets);
    }

    private static ByteStore without(ByteStore store, BiPredicate<String, Integer> forgets) {
        return new ByteStore() {
            private int writes;

            @Override
            public byte @Nullable [] get(String key) {
                return store.get(key);
            }

            @Override
            public void put(String key, byte[] value) {
                if (!forgets.test(key, writes++)) {
                    store.put(key, value);
                }
            }

            @Override
            public void delete(String key) {
                store.delete(key);
            }
        };
    }
}
