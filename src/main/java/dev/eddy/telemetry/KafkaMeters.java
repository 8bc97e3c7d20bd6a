package dev.eddy.telemetry;

import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.KafkaStreams;

/** Serves the meters of Kafka Streams and of its clients. The only class here that knows Kafka. */
public final class KafkaMeters {

    /** How soon the meters of a client, task or topic that came later are served. */
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private KafkaMeters() {}

    /** Adds all that {@link KafkaStreams#metrics()} tells, its clients' included, until the telemetry is closed. */
    public static void bind(KafkaStreams streams, Telemetry telemetry) {
        telemetry.bind(new KafkaStreamsMetrics(streams, List.of(), telemetry.ticker(), REFRESH));
    }
}
