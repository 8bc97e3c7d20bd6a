package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.stream.Simulation.Sabotage;
import dev.eddy.telemetry.Telemetry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final int SEEDS = Integer.getInteger("eddy.simulation.seeds", 300);
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
}
