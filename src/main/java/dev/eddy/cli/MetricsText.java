package dev.eddy.cli;

import java.util.List;
import java.util.stream.DoubleStream;

/** Reads single figures from what {@code /metrics} serves, so that a summary says what the meters say. */
record MetricsText(List<String> lines) {

    static MetricsText of(String scrape) {
        return new MetricsText(
                scrape.lines().filter(line -> !line.startsWith("#")).toList());
    }

    /** The sum over all series of a family that carry the label, 0 if there is none. */
    long count(String family, String label) {
        return Math.round(values(family, label).sum());
    }

    /** The sum over all series of a family, 0 if there is none. */
    long count(String family) {
        return count(family, "");
    }

    /** Records that were worked on: those with a score, and the dead letters. */
    long worked() {
        return count("eddy_records_scored_total") + count("eddy_records_dead_lettered_total");
    }

    /** The mean over all series of a family that have a value, NaN if there is none. */
    double mean(String family) {
        return values(family, "")
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    private DoubleStream values(String family, String label) {
        return lines.stream()
                .filter(line -> line.startsWith(family + "{") || line.startsWith(family + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(
                        line.substring(line.lastIndexOf(' ') + 1).replace("Inf", "Infinity")));
    }
}
