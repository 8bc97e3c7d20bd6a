package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.nn.CounterRandom;
import org.junit.jupiter.api.Test;

class DriftDetectorTest {

    private static final int WINDOW = 1000;
    private static final int BATCH = 64;

    /** Over 40 stretches of the run length the guarantee allows 40 alarms; twice the root of that is noise. */
    @Test
    void falseAlarmsAreAsRareAsGuaranteed() {
        CounterRandom random = new CounterRandom(1, 0);
        Window window = new Window(WINDOW);
        fill(window, random, 0);
        DriftDetector detector = new DriftDetector(20_000);
        feed(detector, window, random, 0, 800_000);
        assertTrue(detector.alarms() <= 52, detector.alarms() + " alarms");
    }

    @Test
    void aChangeIsReportedThoughTheWindowAbsorbsIt() {
        for (int seed = 0; seed < 20; seed++) {
            CounterRandom random = new CounterRandom(seed, 0);
            Window window = new Window(WINDOW);
            fill(window, random, 0);
            DriftDetector detector = new DriftDetector(1e6);
            assertTrue(feed(detector, window, random, 1, 200) <= 200, "shift of one deviation, seed " + seed);
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

    private static void fill(Window window, CounterRandom random, double shift) {
        float[] normal = new float[1];
        for (int i = 0; i < WINDOW; i++) {
            random.normals(normal, 1);
            window.add(normal[0] + shift);
        }
        window.settle();
    }

    /** Records until the first alarm, or more than {@code records}. */
    private static int feed(DriftDetector detector, Window window, CounterRandom random, double shift, int records) {
        int first = records + 1;
        float[] batch = new float[BATCH];
        for (int n = 0; n < records; n += BATCH) {
            random.normals(batch, BATCH);
            for (int i = 0; i < BATCH; i++) {
                double p = (window.atLeast(batch[i] + shift) + 1.0) / (window.size() + 1.0);
                if (detector.add(p) && first > records) {
                    first = n + i + 1;
                }
            }
            for (float value : batch) {
                window.add(value + shift);
            }
            window.settle();
        }
        return first;
    }
}
