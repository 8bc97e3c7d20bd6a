package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts scores by the label that a record's header carries, for people only. The first {@value #MOST} labels have
 * counters of their own; any later one counts as {@value #OTHER}, so that no stream can grow the number of meters.
 * Thread-safe.
 */
final class Labels {

    static final int MOST = 20;
    static final String OTHER = "other";

    private static final int LONGEST = 40; // characters

    /** A label's scores so far, and how many of them were flagged. */
    record Count(String label, double scored, double anomalous) {}

    private record Counters(Counter scored, Counter anomalous) {}

    private final Meters meters;
    private final Map<String, Counters> byLabel = new HashMap<>();

    Labels(Meters meters) {
        this.meters = meters;
    }

    synchronized void scored(String label, boolean anomaly) {
        Counters counters = counters(readable(label));
        counters.scored().increment();
        if (anomaly) {
            counters.anomalous().increment();
        }
    }

    private Counters counters(String label) {
        Counters known = byLabel.get(label);
        if (known != null) {
            return known;
        }
        return byLabel.computeIfAbsent(byLabel.size() < MOST ? label : OTHER, this::register);
    }

    private Counters register(String label) {
        return new Counters(
                meters.counter(
                        "eddy.label.scored",
                        "Records with a score, by the label that they came with; records, at least 0",
                        "label",
                        label),
                meters.counter(
                        "eddy.label.anomalous",
                        "Records flagged as anomalies, by the label that they came with; records, at most those scored",
                        "label",
                        label));
    }

    /** By count, the most frequent first. */
    synchronized List<Count> list() {
        return byLabel.entrySet().stream()
                .map(entry -> new Count(
                        entry.getKey(),
                        entry.getValue().scored().count(),
                        entry.getValue().anomalous().count()))
                .sorted(Comparator.comparingDouble(Count::scored).reversed().thenComparing(Count::label))
                .toList();
    }

    private static String readable(String label) {
        String plain = label.strip().replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }
}
