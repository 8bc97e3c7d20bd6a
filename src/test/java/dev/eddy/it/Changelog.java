package dev.eddy.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The topic that a learner's snapshots are kept in, for whoever wants to damage them. The learner must be down. */
final class Changelog {

    private final String bootstrapServers;
    private final String topic;

    Changelog(String bootstrapServers, String applicationId) {
        this.bootstrapServers = bootstrapServers;
        this.topic = applicationId + "-learner-state-changelog";
    }

    /** The slot whose manifest was written last. */
    int newestSlot(int partition) {
        Map<String, Long> last = new HashMap<>();
        try (TopicReader reader =
                new TopicReader(bootstrapServers, topic, Run.PARTITIONS, IsolationLevel.READ_COMMITTED)) {
            Await.until("end of " + topic, JarProcess.PATIENCE, () -> "", () -> {
                reader.poll(Duration.ofMillis(100), record -> {
                    if (record.partition() == partition && record.value() != null) {
                        last.put(new String(record.key(), UTF_8), record.offset());
                    }
                });
                return reader.isAtEnd();
            });
        }
        return last.getOrDefault(manifest(0), -1L) > last.getOrDefault(manifest(1), -1L) ? 0 : 1;
    }

    private static String manifest(int slot) {
        return "slot-" + slot + "/manifest";
    }

    /** Writes over a chunk of a snapshot, or deletes it. */
    void damage(int partition, int slot, byte @Nullable [] value) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, partition, "slot-" + slot + "/00001", value))
                    .get();
        }
    }
}
