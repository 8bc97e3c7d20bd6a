package dev.eddy.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The properties of Kafka Streams: Eddy's defaults, the user's over them, and what cannot be chosen over both. */
final class KafkaProperties {

    /** Room for key, JSON and framing of a record, beside its headers; bytes. */
    private static final int ENVELOPE_BYTES = 4_096;

    private static final int MAX_REQUEST_BYTES = 8 << 20;

    /** For what a consumer outside of any group waits before it gives up. */
    static final int READER_PATIENCE_MILLIS = 15_000;

    private KafkaProperties() {}

    static Map<String, Object> of(StreamSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // A step must end within the transaction's timeout, and a successor waits as long for a dead owner's offsets.
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        properties.put(StreamsConfig.POLL_MS_CONFIG, LearnerProcessor.tickMillis(settings));
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_BYTES);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64 << 20);
        // Nobody reads a transaction's records before its commit, which sends them.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), settings.exactlyOnce() ? 100 : 5);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 << 10);
        properties.put(StreamsConfig.METADATA_MAX_AGE_CONFIG, 60_000);
        properties.putAll(settings.kafka());
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailFastHandler.class);
        properties.put(
                StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG,
                settings.topics().deadLetters());
        return properties;
    }

    /**
     * Of a consumer that reads committed records by itself, outside of any group.
     *
     * @param name ends its client's id
     * @throws org.apache.kafka.common.KafkaException if the configuration is refused
     */
    static Map<String, Object> reader(StreamSettings settings, String name) {
        Map<String, Object> properties =
                new StreamsConfig(of(settings)).getRestoreConsumerConfigs(settings.applicationId() + "-" + name);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, READER_PATIENCE_MILLIS);
        return properties;
    }

    /**
     * Of a consumer that reads a partition of the input again, outside of any group: it sees what the topology's own
     * consumer sees, whichever prefix its isolation level was configured under.
     */
    static Map<String, Object> replay(StreamsConfig config, String applicationId, int partition) {
        Map<String, Object> properties = config.getRestoreConsumerConfigs(applicationId + "-replay-" + partition);
        Object isolation = config.getMainConsumerConfigs(applicationId, applicationId, 0)
                .get(ConsumerConfig.ISOLATION_LEVEL_CONFIG);
        properties.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation == null ? ConsumerConfig.DEFAULT_ISOLATION_LEVEL : isolation);
        return properties;
    }

    /**
     * What a record of these properties may have.
     *
     * @param topicBytes the lowest {@code max.message.bytes} of the output topics
     */
    static MessageLimit limit(Map<String, Object> properties, long topicBytes) {
        Object request = properties.get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        return new MessageLimit(Math.min(topicBytes, Long.parseLong(String.valueOf(request))) - ENVELOPE_BYTES);
    }
}
