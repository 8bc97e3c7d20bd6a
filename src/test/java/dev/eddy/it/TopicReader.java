package dev.eddy.it;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning, also one that is created later. Used by one thread. */
final class TopicReader implements AutoCloseable {

    private final String bootstrapServers;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicReader(String bootstrapServers, String topic, int partitions, IsolationLevel isolation) {
        this.bootstrapServers = bootstrapServers;
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        1_000,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.toString()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(this.partitions);
    }

    /** Hands on the next records, if there are any: how many. */
    int poll(Duration patience, Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        var records = consumer.poll(patience);
        records.forEach(handler);
        return records.count();
    }

    /** Whether all that is in the topic now has been read, transactions that are open included. */
    boolean isAtEnd() {
        try (Admin admin = Admin.create(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            for (TopicPartition partition : partitions) {
                long end = admin.listOffsets(
                                Map.of(partition, OffsetSpec.latest()),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .partitionResult(partition)
                        .get()
                        .offset();
                if (consumer.position(partition) < end) {
                    return false;
                }
            }
            return true;
        } catch (Exception e) {
            throw new IllegalStateException("end of " + partitions, e);
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
