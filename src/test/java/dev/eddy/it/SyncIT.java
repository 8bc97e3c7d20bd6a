package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two partitions learn one model while instances join, leave and are killed in the middle of rounds, and so is the
 * broker: scores are neither lost nor doubled, and {@link OneModel} holds. {@code -Deddy.chaos=long} sends 20,000
 * records and kills more often.
 */
class SyncIT {

    private static final boolean LONG = "long".equals(System.getProperty("eddy.chaos"));
    private static final long RECORDS = LONG ? 20_000 : 4_000;
    private static final int KILLS = LONG ? 12 : 3;
    private static final long SEED = Long.getLong("eddy.chaos.seed", LONG ? System.nanoTime() : 20_260_402);
    private static final int EVERY_STEPS = 2;
    private static final int TIMEOUT_MILLIS = 3_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) // what a run has left tells why it failed
    private Path folder;

    @Test
    void killedInTheMiddleOfRoundsAllPartitionsEndAsOneModel() throws Exception {
        List<OneModel> oneModel = new ArrayList<>();
        Scenario.of("one model", folder, RECORDS, SEED)
                .with("sync.every.steps", Integer.toString(EVERY_STEPS))
                .with("sync.timeout.ms", Integer.toString(TIMEOUT_MILLIS))
                .synchronised(oneModel::add)
                .play(SyncIT::joinKillAndLeave);
        System.out.println(oneModel.get(0).rounds() + " rounds");
    }

    private static void joinKillAndLeave(Run run) throws Exception {
        Instance first = run.start();
        Instance second = run.start();
        int open = 0;
        for (int left = KILLS; left > 0; left--) {
            run.awaitMoment(left + 2);
            open += run.awaitOpenRound() ? 1 : 0;
            boolean theFirst = run.random().nextBoolean();
            run.kill(theFirst ? first : second);
            Instance next = run.start();
            first = theFirst ? next : first;
            second = theFirst ? second : next;
        }
        run.awaitMoment(2);
        open += run.awaitOpenRound() ? 1 : 0;
        run.killBroker();
        run.awaitMoment(1);
        second.awaitPartition();
        run.terminateAtWork(second);
        run.awaitEnd();
        run.awaitRounds();
        System.out.println(open + " of " + (KILLS + 1) + " kills in an open round");
        assertTrue(open > 0, "no kill in an open round");
    }
}
