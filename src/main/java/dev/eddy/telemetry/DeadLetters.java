package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the records that did not decode, by topic. Thread-safe. */
final class DeadLetters {

    private final Meters meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    DeadLetters(Meters meters) {
        this.meters = meters;
    }

    /** Serves the count before there is anything to count, so that the first dead letter shows as an increase. */
    void startAtZero(String topic) {
        var unused = counter(topic);
    }

    void increment(String topic) {
        counter(topic).increment();
    }

    private Counter counter(String topic) {
        return counters.computeIfAbsent(
                topic,
                t -> meters.counter(
                        "eddy.records.dead.lettered",
                        "Records that did not decode, sent to the dead letters; records, at least 0",
                        "topic",
                        t));
    }

    double count() {
        return counters.values().stream().mapToDouble(Counter::count).sum();
    }
}
