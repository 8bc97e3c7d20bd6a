package dev.eddy.telemetry;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.streams.KafkaStreams;

/** The meters of Kafka Streams and of its clients. */
final class KafkaMeters {

    /** How soon the meters of a client, task or topic that came later are served. */
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private KafkaMeters() {}

    /** Binds all that {@link KafkaStreams#metrics()} tells, its clients' included. */
    static MeterBinder of(KafkaStreams streams, ScheduledExecutorService refresher) {
        return new KafkaStreamsMetrics(streams, List.of(), refresher, REFRESH);
    }
}
