package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DriftDetectorTest {

    private static final int WINDOW = 1000;
    private static final int BATCH = 64;

    /** Over 40 stretches of the run length the guarantee allows 40 alarms; twice the root of that is noise. */
    @Test
    void falseAlarmsAreAsRareAsGuaranteed() {
        long alarms = new SimulatedScores(1, WINDOW, BATCH).falseAlarms(20_000, 800_000);
        assertTrue(alarms <= 52, alarms + " alarms");
    }

    @Test
    void aChangeIsReportedThoughTheWindowAbsorbsIt() {
        for (int seed = 0; seed < 20; seed++) {
            SimulatedScores scores = new SimulatedScores(seed, WINDOW, BATCH);
            DriftDetector detector = new DriftDetector(1e6);
            assertTrue(scores.feed(detector, 1, 200) <= 200, "shift of one deviation, seed " + seed);
            assertTrue(detector.alarms() > 0);
        }
    }

    @Test
    void theEvidenceIsTheSumOfTheBets() {
        DriftDetector detector = new DriftDetector(1e6);
        detector.add(0.5);
        double expected = 0;
        for (double c : new double[] {0.2, 0.4, 0.6, 0.8}) {
            expected += c * Math.pow(0.5, c - 1) / 4;
        }
        assertEquals(expected, detector.evidence(), 1e-12);
    }
}
