package dev.eddy.learn;

import dev.eddy.nn.CounterRandom;

/**
 * A stream of independent, normally distributed scores in place of images: each has its p-value by the real window, which
 * moves on with each micro-batch, so that those of one micro-batch rank among the same scores.
 */
public final class SimulatedScores {

    private final CounterRandom random;
    private final Window window;
    private final float[] batch;

    /** Begins with a full window. */
    public SimulatedScores(long seed, int window, int batchSize) {
        this.random = new CounterRandom(seed, 0);
        this.window = new Window(window);
        this.batch = new float[batchSize];
        float[] normal = new float[1];
        for (int i = 0; i < window; i++) {
            random.normals(normal, 1);
            this.window.add(normal[0]);
        }
        this.window.settle();
    }

    /** How many alarms on drift there are in as many records, none of which is of another kind. */
    public long falseAlarms(double runLength, int records) {
        DriftDetector detector = new DriftDetector(runLength);
        feed(detector, 0, records);
        return detector.alarms();
    }

    /**
     * @param shift of the scores, in deviations
     * @return records until the first alarm, or more than {@code records}
     */
    int feed(DriftDetector detector, double shift, int records) {
        int first = records + 1;
        for (int n = 0; n < records; n += batch.length) {
            random.normals(batch, batch.length);
            for (int i = 0; i < batch.length; i++) {
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
