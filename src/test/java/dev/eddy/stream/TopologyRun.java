package dev.eddy.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eddy.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The learner's topology on a driver, with a tiny learner and one partition. */
final class TopologyRun implements AutoCloseable {

    static final Instant START = Instant.ofEpochMilli(1_000_000);

    final StreamSettings settings;
    final Telemetry telemetry = new Telemetry("test");
    final LivePartitions partitions = new LivePartitions();
    final TopologyTestDriver driver;
    private final MemoryLog log = new MemoryLog();
    private final TestInputTopic<byte[], byte[]> images;

    TopologyRun(RecordDecoder decoder, long limitBytes) {
        settings = Tiny.settings(
                Tiny.learner(7),
                decoder,
                Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        "test",
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "localhost:1",
                        StreamsConfig.STATE_DIR_CONFIG,
                        System.getProperty("java.io.tmpdir")));
        MessageLimit limit = new MessageLimit(limitBytes);
        Properties properties = new Properties();
        properties.putAll(KafkaProperties.of(settings));
        properties.put(DeadLetterHandler.TELEMETRY, telemetry);
        properties.put(DeadLetterHandler.LIMIT, limit);
        driver = new TopologyTestDriver(
                EddyTopology.build(
                        settings,
                        new EddyTopology.Surroundings(
                                partition -> log.connect(new SplittableRandom(partition)),
                                Models.NONE,
                                limit,
                                1,
                                telemetry,
                                partitions)),
                properties,
                START);
        images = driver.createInputTopic(
                settings.topics().input(), new ByteArraySerializer(), new ByteArraySerializer(), START, Duration.ZERO);
    }

    /** Takes one record in. */
    void pipe(TestRecord<byte[], byte[]> record) {
        log.append(record.value());
        images.pipeInput(record);
    }

    TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The values of a topic that have come out since it was read last. */
    List<String> texts(String topic) {
        return output(topic).readValuesToList().stream()
                .map(value -> new String(value, UTF_8))
                .toList();
    }

    @Override
    public void close() {
        driver.close();
        telemetry.close();
    }
}
