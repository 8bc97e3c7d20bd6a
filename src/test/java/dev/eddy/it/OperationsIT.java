package dev.eddy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever runs it relies on: how it ends, and what it logs. */
class OperationsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TopicPartition INPUT = new TopicPartition("images", 0);
    private static final int BATCH = 64;
    private static final Pattern RESTORED =
            Pattern.compile("restored, step (\\d+), next offset \\d+, (\\d+) to replay");

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private KafkaProducer<byte[], byte[]> producer;

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

    private Path config(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Settings.SMALL);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return Settings.write(folder, settings);
    }

    private void send(byte[] value) {
        var unused = producer.send(new ProducerRecord<>(INPUT.topic(), INPUT.partition(), null, value));
    }

    /**
     * SIGTERM in full work: every record that the group is done with has its score, there is a snapshot of the steps
     * until then, and the group has no member, though it would wait two minutes for one that is silent.
     */
    @Test
    void sigtermFinishesTheBatchInHandTakesASnapshotAndLeavesTheGroup() throws Exception {
        Path config = config("snapshot.every.steps", "1000000", "session.timeout.ms", "120000");
        try (Instance instance = Instance.start(folder, config);
                TopicReader scores =
                        new TopicReader(broker.bootstrapServers(), "scores", 1, IsolationLevel.READ_COMMITTED);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            SampleStream pictures = new SampleStream(5);
            LongStream.range(0, 20_000)
                    .forEach(i -> send(pictures.get(i).image().pixels()));
            producer.flush();
            long[] scored = {0};
            Await.until("scores", JarProcess.PATIENCE, instance.process()::tail, () -> {
                scored[0] += scores.poll(Duration.ofMillis(100), score -> {});
                return scored[0] > 500;
            });
            long before = scored[0];
            instance.process().terminate();
            Await.until(
                    "it ends after SIGTERM", Duration.ofSeconds(10), instance.process()::tail, () -> !instance.process()
                            .isAlive());
            assertEquals(0, instance.process().exitCode(), instance.process().tail());
            assertTrue(
                    instance.process().err().contains("ended in good order"),
                    instance.process().tail());
            assertFalse(
                    instance.process().err().contains(" WARN "),
                    instance.process().tail());

            assertEquals(
                    List.of(),
                    List.copyOf(admin.describeConsumerGroups(List.of("eddy-it"))
                            .all()
                            .get()
                            .get("eddy-it")
                            .members()));
            long done = admin.listConsumerGroupOffsets("eddy-it")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(INPUT)
                    .offset();
            Await.until("the scores' end", JarProcess.PATIENCE, instance.process()::tail, () -> {
                scored[0] += scores.poll(Duration.ofMillis(100), score -> {});
                return scores.isAtEnd();
            });
            assertEquals(done, scored[0], "records that the group is done with, and scores");
            assertTrue(done < 20_000, "it was ended in full work");
            try (Instance next = Instance.start(folder, config)) {
                next.awaitPartition();
                Matcher restored = RESTORED.matcher(next.process().err());
                assertTrue(restored.find(), next.process().tail());
                long step = Long.parseLong(restored.group(1));
                assertTrue(step >= before / BATCH, "the snapshot is the last one: step " + step + ", " + before);
                assertEquals(done - step * BATCH, Long.parseLong(restored.group(2)), "records to replay");
            }
        }
    }

    @Test
    void theLogIsJsonAndCarriesNoPixels() throws Exception {
        byte[] pixels = new byte[28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (200 + i % 50);
        }
        String numbers = Arrays.toString(unsigned(pixels)).replace(" ", "");
        String text = "{\"width\":28,\"height\":28,\"pixels\":" + numbers + "}";
        Path config = config("image.format", "json");
        try (Instance instance = Instance.start(folder, config, "--log-json", "--verbose")) {
            send(text.substring(0, text.length() - 2).getBytes(UTF_8));
            send(pixels);
            for (int i = 0; i < 2 * BATCH; i++) {
                send(text.getBytes(UTF_8));
            }
            instance.awaitMetric(2, "eddy_records_dead_lettered_total");
            instance.awaitMetric(2 * BATCH, "eddy_records_scored_total");
            assertEquals(0, instance.terminate(), instance.process().tail());
            int lines = 0;
            for (String line : instance.process().err().lines().toList()) {
                JsonNode json = JSON.readTree(line);
                assertFalse(json.required("level").asText().isEmpty(), line);
                assertFalse(json.required("message").asText().isEmpty(), line);
                lines++;
            }
            assertTrue(lines > 5, instance.process().err());
            assertTrue(instance.process().err().contains("dead-lettered"), "a bad record is told of");
            String said = instance.process().err().replace(" ", "");
            assertFalse(said.contains("200,201,202"), "pixels as numbers");
            assertFalse(said.contains("-56,-55,-54"), "pixels as bytes");
            assertFalse(said.contains(Base64.getEncoder().encodeToString(pixels).substring(0, 12)), "pixels in base64");
            assertFalse(said.contains("\u00c8\u00c9\u00ca"), "pixels as text");
        }
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        return values;
    }
}
