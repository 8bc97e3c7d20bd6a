package dev.eddy.stream;

import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The models topic, read into a {@link ModelLog}. Used by one thread at a time. */
final class ModelTopic implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final ModelLog log;
    private final Map<TopicPartition, Long> next;

    private ModelTopic(Consumer<byte[], byte[]> consumer, ModelLog log, Map<TopicPartition, Long> next) {
        this.consumer = consumer;
        this.log = log;
        this.next = next;
    }

    /**
     * Takes over a consumer that is connected to a cluster; nothing is read yet.
     *
     * @param next the first offset not yet read, by partition, kept up to date here; a partition that is not in it is
     *     read from its beginning. Who opens the topic again with the same log never goes back to older versions.
     * @throws StreamStartException if there is no such topic; the consumer is closed then
     * @throws KafkaException if the cluster does not answer; the same
     */
    static ModelTopic open(
            String topic, Consumer<byte[], byte[]> consumer, ModelLog log, Map<TopicPartition, Long> next)
            throws StreamStartException {
        try {
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new StreamStartException("topic " + topic + " does not exist: no learner has published to it");
            }
            List<TopicPartition> all = found.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(all);
            for (TopicPartition partition : all) {
                Long read = next.get(partition);
                if (read == null) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, read);
                }
            }
            return new ModelTopic(consumer, log, next);
        } catch (StreamStartException | KafkaException e) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw e;
        }
    }

    /**
     * A consumer for {@link #open}.
     *
     * @throws StreamStartException if no models topic is configured
     * @throws KafkaException if the configuration is refused
     */
    static Consumer<byte[], byte[]> consumer(StreamSettings settings) throws StreamStartException {
        if (settings.topics().models().isEmpty()) {
            throw new StreamStartException("models.topic is empty: name the topic that a learner publishes models to");
        }
        return new KafkaConsumer<>(
                KafkaProperties.reader(settings, "models"), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The newest complete version of each model.
     *
     * @return in the order of topics and partitions
     * @throws StreamStartException if there is no such topic or the cluster does not answer
     */
    static ModelLog read(StreamSettings settings) throws StreamStartException {
        ModelLog log = new ModelLog();
        try (ModelTopic topic = open(settings.topics().models(), consumer(settings), log, new HashMap<>())) {
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

    /**
     * Reads on for half a second at most; the versions that it completed, in their order.
     *
     * @throws KafkaException if it cannot
     */
    List<ModelVersion> poll() {
        List<ModelVersion> complete = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                accept(record).ifPresent(complete::add);
            }
        } catch (InvalidOffsetException e) {
            next.clear(); // cut off or made anew: what was read is of another topic
            throw e;
        }
        return complete;
    }

    private Optional<ModelVersion> accept(ConsumerRecord<byte[], byte[]> record) {
        Optional<ModelVersion> complete = record.key() == null
                ? Optional.empty()
                : log.accept(new String(record.key(), StandardCharsets.UTF_8), record.value());
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        return complete;
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
