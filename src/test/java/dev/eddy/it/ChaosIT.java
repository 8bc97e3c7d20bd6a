package dev.eddy.it;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
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
    private static final int BROKER_KILLS = LONG ? 20 : 2;
    private static final long SEED = Long.getLong("eddy.chaos.seed", LONG ? System.nanoTime() : 20_260_401);

    /** What an instance logs on its way to work: restarting, restored, replayed and live. */
    private static final List<String> STEPS_OF_A_START = List.of("state REBALANCING", " to replay", "state RUNNING");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) // what a run has left tells why it failed
    private Path folder;

    private Scenario scenario(String name) {
        return Scenario.of(name, folder, RECORDS, SEED);
    }

    @Test
    void aLearnerKilledAgainAndAgain() throws Exception {
        scenario("one learner").play(ChaosIT::killAgainAndAgain);
    }

    @Test
    void atLeastOnceTheModelIsTheSame() throws Exception {
        scenario("at least once").atLeastOnce().play(ChaosIT::killAgainAndAgain);
    }

    @Test
    void instancesJoinStallLeaveAndAreKilled() throws Exception {
        scenario("instances").play(run -> {
            Instance first = run.start();
            run.awaitMoment(6);
            Instance second = run.start();
            second.awaitPartition();
            run.awaitMoment(5);
            if (JarProcess.canPause()) { // the others take it for dead, and it does not know
                first.process().pause();
                second.awaitLines(Run.PARTITIONS, " to replay");
                run.awaitMoment(4);
                first.process().resume();
            }
            run.awaitMoment(4);
            run.kill(first);
            run.awaitMoment(3);
            Instance third = run.start();
            third.awaitPartition();
            run.awaitMoment(2);
            run.terminateAtWork(second);
            run.awaitMoment(1);
        });
    }

    @Test
    void theBrokerIsKilledAgainAndAgain() throws Exception {
        scenario("broker").play(run -> {
            run.start();
            for (int left = BROKER_KILLS; left > 0; left--) {
                run.awaitMoment(left);
                run.killBroker();
            }
        });
    }

    @Test
    @EnabledIfSystemProperty(named = "eddy.chaos", matches = "long", disabledReason = "-Deddy.chaos=long")
    void theBrokerIsAwayForLongerThanTheClientsWait() throws Exception {
        scenario("broker away for long")
                .with("request.timeout.ms", "2000")
                .with("delivery.timeout.ms", "3000")
                .with("default.api.timeout.ms", "3000")
                .with("max.block.ms", "3000")
                .with("task.timeout.ms", "3000")
                .play(run -> {
                    Instance instance = run.start();
                    run.awaitMoment(2);
                    run.broker().kill();
                    instance.awaitLines(1, "a stream thread failed");
                    run.broker().restart();
                });
    }

    /** The group's protocol of KIP-1071; there the broker says how soon a member is missed, 45 s. */
    @Test
    void withTheStreamsProtocolItIsTheSame() throws Exception {
        scenario("group.protocol=streams")
                .without("session.timeout.ms", "heartbeat.interval.ms")
                .with("group.protocol", "streams")
                .play(run -> {
                    Instance first = run.start();
                    run.awaitMoment(3);
                    run.kill(first);
                    Instance second = run.start();
                    run.awaitMoment(2);
                    run.terminateAtWork(second);
                    run.start();
                });
    }

    /** Three of four times while it works, otherwise while it starts; now and then it is told to end while it starts. */
    private static void killAgainAndAgain(Run run) throws Exception {
        Instance instance = run.start();
        run.awaitMore(1); // without a record there is nothing to restore
        for (int left = KILLS; left > 0; left--) {
            if (run.random().nextInt(4) == 0) {
                awaitStepOfStart(run, instance);
                run.terminateAtWork(instance);
                instance = run.start();
            }
            if (run.random().nextInt(4) == 0) {
                awaitStepOfStart(run, instance);
            } else {
                run.awaitMoment(left);
            }
            run.kill(instance);
            instance = run.start();
        }
    }

    private static void awaitStepOfStart(Run run, Instance instance) {
        instance.process().awaitText(STEPS_OF_A_START.get(run.random().nextInt(STEPS_OF_A_START.size())));
    }
}
