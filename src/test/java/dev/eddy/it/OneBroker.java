package dev.eddy.it;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** For a test of the command {@code run}: a broker of its own, and a producer of its input. */
abstract class OneBroker {

    static final TopicPartition INPUT = new TopicPartition("images", 0);
    static final int BATCH = 64;

    @TempDir
    Path folder;

    EmbeddedBroker broker;
    KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close(Duration.ZERO);
        broker.close();
    }

    Path config(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Settings.SMALL);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return Settings.write(folder, settings);
    }

    void send(byte[] value) {
        var unused = producer.send(new ProducerRecord<>(INPUT.topic(), INPUT.partition(), null, value));
    }
}
