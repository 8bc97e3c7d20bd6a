package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the records that did not decode, by topic: the deserializer knows no partition. Thread-safe. */
final class DeadLetters {

    private final Meters meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    DeadLetters(Meters meters) {
        this.meters = meters;
    }

    void increment(String topic) {
        counters.computeIfAbsent(
                        topic,
                        t -> meters.counter(
                                "eddy.records.dead.lettered",
                                "Records that did not decode, sent to the dead letters; records, at least 0",
                                "topic",
                                t))
                .increment();
    }

    double count() {
        return counters.values().stream().mapToDouble(Counter::count).sum();
    }
}
