package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.it.Await;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.telemetry.Telemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learner on a real broker, stopped and started in the middle of the stream. */
class EddyStreamsIT {

    private static final int PARTITIONS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static EmbeddedBroker broker;

    @TempDir
    Path stateDirectory;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private StreamSettings settings(String name, String guarantee, LearnerConfig learner) {
        return settings(name, guarantee, learner, Map.of());
    }

    private StreamSettings settings(String name, String guarantee, LearnerConfig learner, Map<String, Object> more) {
        Map<String, Object> kafka = new HashMap<>(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                name,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                guarantee,
                StreamsConfig.STATE_DIR_CONFIG,
                stateDirectory.toString(),
                "auto.offset.reset",
                "earliest"));
        kafka.putAll(more);
        return new StreamSettings(
                Role.LEARN,
                new TopicNames(
                        name,
                        name + "-scores",
                        name + "-anomalies",
                        name + "-samples",
                        name + "-models",
                        name + "-dead"),
                true,
                PARTITIONS,
                learner,
                RecordDecoder.of(dev.eddy.image.ImageFormat.RAW, learner.geometry()),
                "eddy-label",
                100,
                20,
                500,
                4_000,
                50,
                4,
                Tiny.SYNC,
                "test",
                kafka);
    }

    /** Produces images and rubbish to both partitions; tells the references of the images. */
    private static void produce(String topic, List<Reference> references, int from, int to) {
        produce(topic, references, from, to, System.currentTimeMillis());
    }

    private static void produce(String topic, List<Reference> references, int from, int to, long timestamp) {
        SplittableRandom random = new SplittableRandom(from);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                // In a new topic, one request in flight: else a batch can overtake the first, and offsets are others.
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = from; i < to; i++) {
                int partition = i % PARTITIONS;
                byte[] key = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                if (i % 50 < PARTITIONS) {
                    var unused = producer.send(new ProducerRecord<>(topic, partition, timestamp, key, new byte[3]));
                } else {
                    byte[] pixels = Tiny.image(random);
                    references.get(partition).add(i / PARTITIONS, pixels);
                    var unused = producer.send(new ProducerRecord<>(topic, partition, timestamp, key, pixels));
                }
            }
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, Duration.ofSeconds(90), () -> "", condition);
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        return CommittedRecords.of(broker.bootstrapServers(), topic);
    }

    private static long distinct(String topic) {
        return readAll(topic).stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .distinct()
                .count();
    }

    private static int models(StreamSettings settings) {
        try {
            return SnapshotReader.read(settings).size();
        } catch (StreamStartException e) {
            return 0;
        }
    }

    private void stopsAndStarts(String name, String guarantee) throws Exception {
        StreamSettings settings = settings(name, guarantee, Tiny.learner(5));
        List<Reference> references =
                List.of(new Reference(settings.learner(), 0), new Reference(settings.learner(), 1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        int records = 0;
        for (int round = 0; round < 4; round++) {
            produce(name, references, records, records + 1001);
            records += 1001;
            try (Telemetry telemetry = new Telemetry("it");
                    EddyStreams streams = EddyStreams.start(settings, Models.NONE, telemetry)) {
                int atLeast = round == 3 ? records - 200 : records - 900; // the other rounds are stopped half way
                await("scores", () -> readAll(settings.topics().scores()).size() >= atLeast);
                assertEquals("", streams.failure());
                if (round == 3) {
                    long expected = references.stream()
                            .mapToLong(r -> r.scores().size())
                            .sum();
                    await("all scores", () -> distinct(settings.topics().scores()) >= expected);
                }
            }
        }
        assertScores(settings, references, guarantee);
        assertModels(settings, references);
        assertEquals(
                records - references.stream().mapToInt(r -> r.scores().size()).sum(),
                readAll(settings.topics().deadLetters()).size());
        references.forEach(Reference::close);
    }

    private static void assertScores(StreamSettings settings, List<Reference> references, String guarantee)
            throws IOException {
        Map<String, JsonNode> seen = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll(settings.topics().scores())) {
            JsonNode json = JSON.readTree(record.value());
            int partition = json.get("partition").asInt();
            long offset = json.get("offset").asLong();
            assertEquals(partition, record.partition());
            assertArrayEquals(
                    Long.toString(PARTITIONS * offset + partition).getBytes(StandardCharsets.UTF_8), record.key());
            Score expected = references.get(partition).scores().get(offset);
            assertNotNull(expected);
            assertEquals(expected.score(), json.get("score").asDouble());
            JsonNode before = seen.put(partition + "@" + offset, json);
            assertTrue(before == null || !guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2), "twice: " + json);
        }
        assertEquals(references.stream().mapToInt(r -> r.scores().size()).sum(), seen.size());
    }

    private static void assertModels(StreamSettings settings, List<Reference> references) throws StreamStartException {
        List<SnapshotHeader> models = SnapshotReader.read(settings);
        assertEquals(PARTITIONS, models.size());
        for (SnapshotHeader model : models) {
            Reference reference = references.get(model.partition());
            assertEquals(reference.steps(), model.step());
            assertEquals(reference.digest(reference.steps()), model.sha256());
        }
    }

    @Test
    void stoppedAndStartedInTheMiddleItEndsAsIfItHadNotBeen() throws Exception {
        stopsAndStarts("exactly", StreamsConfig.EXACTLY_ONCE_V2);
    }

    @Test
    void underAtLeastOnceTheModelIsTheSame() throws Exception {
        stopsAndStarts("atleast", StreamsConfig.AT_LEAST_ONCE);
    }

    @Test
    void scoresOfYoungRecordsDoNotWaitForTheCommitInterval() throws Exception {
        StreamSettings settings = settings(
                "young",
                StreamsConfig.EXACTLY_ONCE_V2,
                Tiny.learner(5),
                Map.of(
                        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                        600_000,
                        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                        700_000));
        try (Telemetry telemetry = new Telemetry("it");
                EddyStreams streams = EddyStreams.start(settings, Models.NONE, telemetry);
                Reference one = new Reference(settings.learner(), 0);
                Reference other = new Reference(settings.learner(), 1)) {
            await("ready", () -> streams.health().ready());
            long later = System.currentTimeMillis() + Duration.ofMinutes(30).toMillis(); // young, however slow it goes
            produce("young", List.of(one, other), 0, 20, later);
            await("scores", () -> distinct("young-scores") == 18);
        }
    }

    @Test
    void aContradictingConfigurationEndsItWithOneLine() throws Exception {
        StreamSettings settings = settings("contradiction", StreamsConfig.EXACTLY_ONCE_V2, Tiny.learner(5));
        try (Telemetry telemetry = new Telemetry("it");
                EddyStreams streams = EddyStreams.start(settings, Models.NONE, telemetry);
                Reference unused = new Reference(settings.learner(), 0);
                Reference unusedToo = new Reference(settings.learner(), 1)) {
            produce("contradiction", List.of(unused, unusedToo), 0, 500);
            await("snapshots", () -> models(settings) == PARTITIONS);
            assertEquals("", streams.failure());
        }
        StreamSettings other = settings("contradiction", StreamsConfig.EXACTLY_ONCE_V2, Tiny.learner(6));
        try (Telemetry telemetry = new Telemetry("it");
                EddyStreams streams = EddyStreams.start(other, Models.NONE, telemetry)) {
            assertTrue(streams.awaitEnd(Duration.ofSeconds(60)));
            assertTrue(streams.failure().contains("seed is 5 in the snapshot, configured 6"), streams.failure());
            assertTrue(streams.failure().contains("--reset"));
            await("not live", () -> !streams.health().live());
        }
        StreamStartException refused = assertThrows(StreamStartException.class, () -> SnapshotReader.read(other));
        assertTrue(refused.getCause() instanceof IncompatibleSnapshotException);
    }

    @Test
    void noBrokerIsOneLineAfterABoundedTime() {
        StreamSettings unreachable = settings(
                "unreachable",
                StreamsConfig.EXACTLY_ONCE_V2,
                Tiny.learner(5),
                Map.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1"));
        try (Telemetry telemetry = new Telemetry("it")) {
            StreamStartException refused = assertThrows(
                    StreamStartException.class, () -> EddyStreams.start(unreachable, Models.NONE, telemetry));
            assertTrue(String.valueOf(refused.getMessage()).contains("127.0.0.1:1"), refused.getMessage());
        }
    }
}
