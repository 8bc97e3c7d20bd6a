package dev.eddy.bench;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import dev.eddy.local.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The embedded broker with topics full of the demonstration's pictures, and a folder that goes with it. */
final class FilledBroker implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final Path directory;
    private final byte[][] pictures;

    /** @param pictures how many there are */
    FilledBroker(int pictures) throws IOException, InterruptedException {
        this.directory = Files.createTempDirectory("eddy-bench");
        this.broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
        SampleStream samples = new SampleStream(1);
        this.pictures = new byte[pictures][];
        Arrays.setAll(this.pictures, i -> samples.get(i).image().pixels());
    }

    /** Creates a topic and sends the first {@code count} pictures to each of its partitions. */
    String fill(String topic, int partitions, int count) throws IOException, InterruptedException {
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        try (Topics topics = new Topics(properties, Duration.ofSeconds(30))) {
            topics.create(topic, partitions, Map.of());
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                for (int partition = 0; partition < partitions; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(topic, partition, null, pictures[i])));
                }
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the broker does not take the pictures", e);
        }
        return topic;
    }

    byte[][] pictures() {
        return pictures;
    }

    String servers() {
        return broker.bootstrapServers();
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        broker.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
