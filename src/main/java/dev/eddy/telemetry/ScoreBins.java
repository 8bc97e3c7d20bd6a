package dev.eddy.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of scores in equal bins, fine enough for the page's quantiles. One thread adds, any reads. Scores out of range
 * go to the outer bins.
 */
final class ScoreBins {

    static final double LOWEST = -8;
    static final double WIDTH = 0.25;
    static final int COUNT = 192; // up to 40

    private final AtomicLongArray counts = new AtomicLongArray(COUNT);

    void add(double score) {
        int bin = (int) ((score - LOWEST) / WIDTH);
        counts.getAndIncrement(Math.max(0, Math.min(COUNT - 1, bin)));
    }

    /** Adds the counts since the start to {@code sums}, which has {@link #COUNT} elements. */
    void addTo(long[] sums) {
        for (int i = 0; i < COUNT; i++) {
            sums[i] += counts.get(i);
        }
    }

    /** The score under which a share {@code q} of the counts lies, linear within its bin; NaN when there are none. */
    static double quantile(long[] counts, double q) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return Double.NaN;
        }
        double rank = q * total;
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0 && below + counts[i] >= rank) {
                return LOWEST + WIDTH * (i + Math.max(0, rank - below) / counts[i]);
            }
            below += counts[i];
        }
        throw new IllegalArgumentException("quantile " + q + " is not in 0 to 1");
    }
}
