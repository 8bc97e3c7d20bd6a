package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.snapshot.ByteStore;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What becomes of a partition whose snapshots are damaged or whose records are gone. */
class PartitionLossTest extends OnePartition {

    private void damage(String key) {
        ByteStore open = store.open();
        byte[] damaged = Objects.requireNonNull(open.get(key)).clone();
        damaged[0] ^= 1;
        open.put(key, damaged);
        store.commit();
    }

    private void assertMeter(String line) {
        assertTrue(telemetry.scrape().contains(line), () -> line + " is not in\n" + telemetry.scrape());
    }

    @Test
    void aRestoredSnapshotIsMeteredBeforeTheNextIsWritten() {
        run();
        assertFalse(telemetry.scrape().contains("eddy_snapshot_step{"), "of a partition that has left");
        PartitionLearner learner = start();
        learner.tick();
        assertMeter("eddy_snapshot_step{partition=\"0\",topic=\"images\"} 20.0");
        stop(learner);
    }

    @Test
    void aDamagedSnapshotFallsBackToTheOlderOne() {
        run();
        damage("slot-1/00003"); // steps 5, 10, 15, 20 lie in slots 0, 1, 0, 1
        PartitionLearner learner = start();
        feed(learner, 10);
        rest(learner);
        assertAsIfNothingHadHappened();
        assertMeter("eddy_snapshots_corrupt_total{partition=\"0\",topic=\"images\"} 1.0");
        assertMeter("eddy_restores_total{outcome=\"older_slot\",partition=\"0\",topic=\"images\"} 1.0");
        stop(learner);
    }

    @Test
    void withoutAUsableSnapshotItBeginsAnewAndOwesNoScore() {
        run();
        damage("slot-0/00000");
        damage("slot-1/manifest");
        PartitionLearner learner = start();
        feed(learner, 3 * Tiny.BATCH);
        assertEquals(3, model().step());
        assertNotEquals(reference.digest(reference.steps()), model().weightsSha256());
        rest(learner);
        assertEquals(List.copyOf(reference.scores().keySet()), scored);
        assertMeter("eddy_restores_total{outcome=\"fresh\",partition=\"0\",topic=\"images\"} 2.0");
        String weights = model().weightsSha256();
        stop(learner);

        PartitionLearner successor = start();
        rest(successor);
        assertEquals(weights, model().weightsSha256(), "the new beginning is a fold of its own");
        stop(successor);
    }

    @Test
    void recordsThatTheSourceNoLongerHasAreCountedAndTheSnapshotGoesOn() {
        run();
        log.retainFrom(21L * Tiny.BATCH);
        PartitionLearner learner = start();
        rest(learner);
        assertEquals(22, model().step()); // 20 from the snapshot, and two of the batches after the gap
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} 4.0");
        assertTrue(newest().lineage().toString().contains("4 offsets after 80"), newest().lineage()::toString);
        assertEquals(List.copyOf(reference.scores().keySet()), scored);
        stop(learner);
    }

    @Test
    void aRunningLearnerThatRetentionOvertakesCountsWhatItMissed() {
        PartitionLearner learner = start();
        feed(learner, 10);
        for (int i = 0; i < 40; i++) {
            append();
        }
        log.retainFrom(40);
        give(learner, 40, 50); // its consumer goes on at the beginning of the log
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} 30.0");
        rest(learner);
        assertTrue(newest().lineage().toString().contains("30 offsets after 10"), newest().lineage()::toString);
        assertEquals(5, model().step());
        assertEquals(20, scored.size());

        for (int i = 0; i < 40; i++) {
            append();
        }
        log.retainFrom(80);
        give(learner, 80, log.end());
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} 60.0");
        stop(learner);
    }

    @Test
    void aLeapOfOffsetsIsNoGapWhileTheLogReachesBack() {
        PartitionLearner learner = start();
        feed(learner, 10);
        for (int i = 0; i < 40; i++) {
            log.appendMarker();
        }
        append();
        give(learner, 50, 51);
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} 0.0");
        stop(learner);
    }

    @Test
    void whatRetentionTakesDuringTheReplayIsCountedAsWell() {
        run();
        log.failures(10);
        clockStep = 60; // a slice is two readings of the clock
        PartitionLearner learner = start();
        feed(learner, 100);
        log.failures(0);
        while (learner.phase() == PartitionLearner.Phase.STARTING || model().step() < 22) {
            clock += 1_000;
            learner.tick();
        }
        assertEquals(PartitionLearner.Phase.REPLAYING, learner.phase());
        log.retainFrom(150);
        rest(learner);
        Matcher gap = Pattern.compile("(\\d+) offsets after (\\d+) were gone")
                .matcher(newest().lineage().toString());
        assertTrue(gap.find(), newest().lineage()::toString);
        long lost = Long.parseLong(gap.group(1));
        assertTrue(lost > 0 && lost < 150 - 22 * Tiny.BATCH);
        assertEquals(150, Long.parseLong(gap.group(2)) + lost);
        assertFalse(gap.find(), "counted twice");
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} " + lost + ".0");
        assertEquals((log.end() - lost) / Tiny.BATCH, model().step());
        stop(learner);
    }
}
