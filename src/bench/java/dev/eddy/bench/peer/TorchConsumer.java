package dev.eddy.bench.peer;

import dev.eddy.bench.Preset;
import dev.eddy.learn.LearnerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.bytedeco.javacpp.PointerScope;

/** A plain consumer's loop around libtorch: poll, fill a micro-batch, score it and train on it. */
@SuppressWarnings("try") // scopes are held, not used
final class TorchConsumer {

    private TorchConsumer() {}

    /** Time of {@code count} records after {@code skip}; both are whole micro-batches. */
    static long nanos(String servers, String topic, int skip, int count) {
        LearnerConfig config = Preset.DEFAULT.learner(64, 32);
        TorchLearner learner = new TorchLearner(config);
        byte[][] batch = new byte[config.batchSize()][];
        long seen = 0;
        long start = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "peer-" + UUID.randomUUID(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    batch[(int) (seen++ % batch.length)] = record.value();
                    if (seen % batch.length == 0) {
                        try (PointerScope scope = new PointerScope()) {
                            learner.step(batch, 0);
                        }
                    }
                    if (seen == skip) {
                        start = System.nanoTime();
                    } else if (seen == skip + count) {
                        return System.nanoTime() - start;
                    }
                }
            }
        }
    }
}
