package dev.eddy.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed at random moments, and the scores and the weights are those of a run that nothing happened to.
 * {@code -Deddy.chaos=long} sends 20,000 records and kills the learner 20 times, with a new seed each time;
 * {@code -Deddy.chaos.seed=N} repeats a seed.
 */
class ChaosIT {

    private static final boolean LONG = "long".equals(System.getProperty("eddy.chaos"));
    private static final long RECORDS = LONG ? 20_000 : 4_000;
    private static final int KILLS = LONG ? 20 : 4;
    private static final long SEED = Long.getLong("eddy.chaos.seed", LONG ? System.nanoTime() : 20_260_401);

    /** What an instance logs on its way to work: restarting, restored, replayed and live. */
    private static final List<String> STEPS_OF_A_START = List.of("state REBALANCING", " to replay", "state RUNNING");

    @TempDir
    private Path folder;

    @Test
    void aLearnerKilledAgainAndAgain() throws Exception {
        Run.play("one learner", folder, RECORDS, SEED, true, Map.of(), ChaosIT::killAgainAndAgain);
    }

    @Test
    void atLeastOnceTheModelIsTheSame() throws Exception {
        Run.play("at least once", folder, RECORDS, SEED, false, Map.of(), ChaosIT::killAgainAndAgain);
    }

    @Test
    void instancesJoinLeaveAndAreKilled() throws Exception {
        Run.play("instances", folder, RECORDS, SEED, true, Map.of(), run -> {
            Instance first = run.start();
            run.awaitMoment(5);
            Instance second = run.start();
            second.awaitPartition();
            run.awaitMoment(4);
            run.kill(first);
            run.awaitMoment(3);
            Instance third = run.start();
            third.awaitPartition();
            run.awaitMoment(2);
            run.terminate(second);
            run.awaitMoment(1);
        });
    }

    @Test
    void theBrokerIsKilledTwice() throws Exception {
        Run.play("broker", folder, RECORDS, SEED, true, Map.of(), run -> {
            run.start();
            run.awaitMoment(2);
            run.killBroker();
            run.awaitMoment(1);
            run.killBroker();
        });
    }

    /** Three of four times while it works, otherwise while it starts. */
    private static void killAgainAndAgain(Run run) throws Exception {
        Instance instance = run.start();
        for (int left = KILLS; left > 0; left--) {
            if (run.random().nextInt(4) == 0) {
                instance.process().awaitText(STEPS_OF_A_START.get(run.random().nextInt(STEPS_OF_A_START.size())));
            } else {
                run.awaitMoment(left);
            }
            run.kill(instance);
            instance = run.start();
        }
    }
}
