package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.eddy.it.Await;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class KafkaSourceLogIT {

    private static final TopicPartition PARTITION = new TopicPartition("overtaken", 0);

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, Duration.ofSeconds(90), () -> "", condition);
    }

    @Test
    void aReaderThatRetentionOvertakesSaysSoAndTheNextOneBeginsWhereTheSourceDoes() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                SourceLog source =
                        new KafkaSourceLog(admin, properties(broker.bootstrapServers()), "overtaken", PARTITION)) {
            admin.createTopics(List.of(new NewTopic("overtaken", 1, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < 3_000; i++) {
                var unused = producer.send(new ProducerRecord<>("overtaken", new byte[100]));
            }
            producer.flush();
            try (SourceLog.Reader reader = source.read(0)) {
                await("a first record", () -> !reader.poll(Duration.ofMillis(100))
                        .isEmpty());
                admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(2_900)))
                        .all()
                        .get();
                assertThrows(
                        SourceUnavailableException.class,
                        () -> await(
                                "the end",
                                () -> reader.poll(Duration.ofMillis(100)).isEmpty() && reader.position() == 3_000));
            }
            try (SourceLog.Reader next = source.read(500)) {
                assertEquals(2_900, next.position());
            }
        }
    }

    private static Map<String, Object> properties(String bootstrapServers) {
        Map<String, Object> kafka = Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "overtaken",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                StreamsConfig.restoreConsumerPrefix("max.partition.fetch.bytes"),
                1); // a batch at a time
        StreamSettings settings = Tiny.settings(Tiny.learner(5), kafka);
        return KafkaProperties.replay(new StreamsConfig(KafkaProperties.of(settings)), "overtaken", 0);
    }
}
