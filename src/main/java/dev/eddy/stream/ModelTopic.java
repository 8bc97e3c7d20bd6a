package dev.eddy.stream;

import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The models topic, read from its beginning on into a {@link ModelLog}. Used by one thread at a time. */
final class ModelTopic implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final ModelLog log;

    private ModelTopic(Consumer<byte[], byte[]> consumer, ModelLog log) {
        this.consumer = consumer;
        this.log = log;
    }

    /**
     * Connects; nothing is read yet.
     *
     * @param name ends the client's id
     * @throws StreamStartException if there is no such topic
     * @throws KafkaException if the cluster does not answer
     */
    static ModelTopic open(StreamSettings settings, String name, ModelLog log) throws StreamStartException {
        String topic = settings.topics().models();
        if (topic.isEmpty()) {
            throw new StreamStartException("models.topic is empty: name the topic that a learner publishes models to");
        }
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                KafkaProperties.reader(settings, name), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new StreamStartException("topic " + topic + " does not exist: no learner has published to it");
            }
            List<TopicPartition> all = found.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            return new ModelTopic(consumer, log);
        } catch (StreamStartException | KafkaException e) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw e;
        }
    }

    /**
     * The newest complete version of each model.
     *
     * @return in the order of topics and partitions
     * @throws StreamStartException if there is no such topic or the cluster does not answer
     */
    static ModelLog read(StreamSettings settings) throws StreamStartException {
        ModelLog log = new ModelLog();
        try (ModelTopic topic = open(settings, "models", log)) {
            topic.readToEnd();
            return log;
        } catch (KafkaException e) {
            throw new StreamStartException(Topics.explained(settings, e), e);
        }
    }

    /**
     * Reads to the end that the topic has now.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if the cluster stops answering
     */
    void readToEnd() {
        TopicEnd.readTo(consumer, System::currentTimeMillis, this::accept);
    }

    /** Reads on for half a second at most; the versions that it completed, in their order. */
    List<ModelVersion> poll() {
        List<ModelVersion> complete = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
            accept(record).ifPresent(complete::add);
        }
        return complete;
    }

    private Optional<ModelVersion> accept(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null
                ? Optional.empty()
                : log.accept(new String(record.key(), StandardCharsets.UTF_8), record.value());
    }

    /** Ends a {@link #poll} under way, which then throws; any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    /** Topics by name, partitions by number. */
    static List<ModelVersion> inOrder(ModelLog log) {
        return log.newest().stream()
                .sorted(Comparator.comparing((ModelVersion v) -> v.header().topic())
                        .thenComparingInt(v -> v.header().partition()))
                .toList();
    }
}
