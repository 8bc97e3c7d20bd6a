package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Registers meters that share tags, and removes the gauges among them again. Registering a meter twice gives the same
 * one. Every description ends with unit and range. Thread-safe.
 */
final class Meters {

    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> gauges = new ArrayList<>();

    Meters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    Counter counter(String name, String description, String... more) {
        return Counter.builder(name)
                .description(description)
                .tags(tags.and(more))
                .register(registry);
    }

    Timer timer(String name, String description, String... more) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tags(tags.and(more))
                .register(registry);
    }

    /** @param unit base unit that ends the name, empty for none */
    synchronized void gauge(String name, String unit, String description, DoubleSupplier value, String... more) {
        gauges.add(Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .strongReference(true)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags.and(more))
                .register(registry));
    }

    synchronized void removeGauges() {
        gauges.forEach(registry::remove);
        gauges.clear();
    }
}
