package dev.eddy.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.streams.KafkaStreams;

/** Binds the meters of Kafka Streams and of its clients, which {@link KafkaStreams#metrics()} includes. */
final class KafkaMeters {

    /** How soon the meters of a client, task or topic that came later are served. */
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private KafkaMeters() {}

    /** The binding; closing it removes the meters. */
    static AutoCloseable bind(KafkaStreams streams, MeterRegistry registry, ScheduledExecutorService refresher) {
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams, java.util.List.of(), refresher, REFRESH);
        metrics.bindTo(registry);
        return metrics;
    }
}
