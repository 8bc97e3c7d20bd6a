package dev.eddy.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics as another program would: committed records only. */
final class Records {

    private Records() {}

    /** All records of a topic, once there are so many, and any that come within a second more. */
    static List<ConsumerRecord<byte[], byte[]>> of(String servers, String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            RunningCommand.awaitUntil(
                    () -> {
                        consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                        return read.size() >= count;
                    },
                    () -> count + " records of " + topic + ", has " + read.size());
            consumer.poll(Duration.ofSeconds(1)).forEach(read::add);
        }
        return read;
    }
}
