package dev.eddy.bench;

import java.util.Arrays;

/** Figures of a report. */
final class Medians {

    private Medians() {}

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** To three decimals. */
    static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
