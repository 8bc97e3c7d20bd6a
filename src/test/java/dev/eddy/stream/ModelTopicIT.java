package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.it.Await;
import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.ModelWriter;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models topic on a broker that compacts it all the time. */
class ModelTopicIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 2;
    private static final int STEPS = 50;

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY.with("log.cleaner.backoff.ms", "200"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private StreamSettings settings(String application, String models) {
        return settings(application, models, Tiny.learner(5));
    }

    private StreamSettings settings(String application, String models, LearnerConfig learner) {
        TopicNames topics = new TopicNames(
                "images",
                application + "-scores",
                application + "-anomalies",
                application + "-samples",
                models,
                "dead");
        return new StreamSettings(
                Role.LEARN,
                topics,
                true,
                PARTITIONS,
                learner,
                RecordDecoder.of(dev.eddy.image.ImageFormat.RAW, learner.geometry()),
                "",
                100,
                10,
                500,
                1_000_000,
                50,
                4,
                Tiny.SYNC,
                "test",
                Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        application,
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        StreamsConfig.STATE_DIR_CONFIG,
                        folder.toString(),
                        "auto.offset.reset",
                        "earliest"));
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void train(Learner learner, SplittableRandom random) {
        do {
            learner.add(Tiny.image(random));
        } while (!learner.isFull());
        learner.train();
    }

    /** Versions in transactions, every fourth aborted, until compaction has taken most of them. */
    @Test
    void aLateReaderOfACompactedTopicGetsTheNewestCompleteVersion() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic("compacted", 1, (short) 1)
                            .configs(Map.of(
                                    "cleanup.policy", "compact",
                                    "segment.bytes", "1048576",
                                    "min.cleanable.dirty.ratio", "0.01",
                                    "delete.retention.ms", "0"))))
                    .all()
                    .get();
        }
        String committed = "";
        int written = 0;
        SplittableRandom random = new SplittableRandom(1);
        try (Learner learner = new Learner(Tiny.learner(5), 0);
                KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "writer"))) {
            producer.initTransactions();
            long generation = 0;
            for (int i = 0; i < 900; i++) {
                train(learner, random);
                producer.beginTransaction();
                int[] records = new int[1];
                new ModelWriter(
                                (key, value) -> {
                                    var unused = producer.send(new ProducerRecord<>(
                                            "compacted", 0, key.getBytes(StandardCharsets.UTF_8), value));
                                    records[0]++;
                                },
                                1_000)
                        .write(header(learner, ++generation), learner);
                written += records[0];
                if (i % 4 == 3) {
                    producer.abortTransaction();
                    generation--;
                } else {
                    producer.commitTransaction();
                    committed = learner.weightsSha256();
                }
            }
        }
        int all = written;
        Await.until("compaction", PATIENCE, () -> "", () -> records("compacted") < all / 2);
        ModelLog log = ModelTopic.read(settings("reader", "compacted"));
        ModelVersion newest = log.of("images", 0).orElseThrow();
        assertEquals(committed, newest.header().sha256());
        try (Learner learner = new Learner(Tiny.learner(6), 0)) {
            newest.adopt(learner);
            assertEquals(committed, learner.weightsSha256());
        }
    }

    private static SnapshotHeader header(Learner learner, long generation) {
        return new SnapshotHeader(
                "images",
                0,
                generation,
                learner.step(),
                learner.step() * Tiny.BATCH,
                1_000 + learner.step(),
                "test",
                learner.weightsSha256(),
                1.5,
                Fingerprint.of(learner.config()),
                List.of("began"));
    }

    /** Records that are still there, of all transactions. */
    private static int records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            int count = 0;
            while (consumer.position(partition) < end) {
                count += consumer.poll(Duration.ofMillis(200)).count();
            }
            return count;
        }
    }

    @Test
    void whatALearnerPublishesIsItsSnapshotAndAnotherLearnerBeginsWithIt() throws Exception {
        StreamSettings first = settings("first", "models");
        assertThrows(StreamStartException.class, () -> Models.published(first));
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
                Telemetry telemetry = new Telemetry("it");
                EddyStreams streams = EddyStreams.start(first, Models.NONE, telemetry)) {
            StreamStartException none = assertThrows(StreamStartException.class, () -> Models.published(first));
            assertEquals(
                    "topic models has no complete model yet: a learner publishes one with each snapshot",
                    none.getMessage());
            SplittableRandom random = new SplittableRandom(2);
            for (int i = 0; i < STEPS * Tiny.BATCH * PARTITIONS; i++) {
                var unused = producer.send(new ProducerRecord<>("images", i % PARTITIONS, null, Tiny.image(random)));
            }
            producer.flush();
            Await.until("models", PATIENCE, streams::failure, () -> published(first, STEPS) == PARTITIONS);
        }
        List<SnapshotHeader> snapshots = SnapshotReader.read(first);
        List<SnapshotHeader> published = new java.util.ArrayList<>();
        SnapshotReader.readPublished(first, (header, learner) -> {
            assertEquals(header.sha256(), learner.weightsSha256());
            published.add(header);
        });
        assertEquals(snapshots, published);
        StreamSettings second = settings("second", "second-models");
        try (Telemetry telemetry = new Telemetry("it");
                EddyStreams streams = EddyStreams.start(second, Models.published(first), telemetry)) {
            Await.until("models", PATIENCE, streams::failure, () -> published(second, 2 * STEPS) == PARTITIONS);
        }
        for (SnapshotHeader parent : snapshots) {
            SnapshotHeader child = SnapshotReader.read(second).get(parent.partition());
            assertEquals(STEPS, parent.step());
            assertEquals(2 * STEPS, child.step());
            assertTrue(
                    child.lineage()
                            .toString()
                            .contains("with the model of images-" + parent.partition() + ", step " + parent.step()
                                    + ", SHA-256 " + parent.sha256() + ", made "),
                    child::toString);
        }
    }

    private static long published(StreamSettings settings, long step) {
        try {
            return ModelTopic.read(settings).newest().stream()
                    .filter(version -> version.header().step() == step)
                    .count();
        } catch (StreamStartException e) {
            return 0;
        }
    }

    private void assertRefused(Admin admin, NewTopic topic, String application, String message) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
        StreamSettings settings = settings(application, "", Tiny.learner(5).synchronised(3));
        assertEquals(
                message,
                assertThrows(StreamStartException.class, () -> new Topics(admin, settings).prepare())
                        .getMessage());
    }

    @Test
    void syncTopicsOfAnotherShapeAreRefused() throws Exception {
        try (Admin admin = admin()) {
            assertRefused(
                    admin,
                    new NewTopic("wide-sync-contributions", PARTITIONS, (short) 1)
                            .configs(Map.of("cleanup.policy", "compact")),
                    "wide",
                    "topic wide-sync-contributions has 2 partitions, the aggregator needs one: start anew with --reset or"
                            + " with another application.id");
            assertRefused(
                    admin,
                    new NewTopic("losing-sync-contributions", 1, (short) 1),
                    "losing",
                    "topic losing-sync-contributions has cleanup.policy=delete: set it to compact");
            assertRefused(
                    admin,
                    new NewTopic("forgetting-sync-weights", PARTITIONS, (short) 1)
                            .configs(Map.of("cleanup.policy", "compact,delete")),
                    "forgetting",
                    "topic forgetting-sync-weights has cleanup.policy=compact,delete: set it to compact");
        }
    }

    @Test
    void aTopicThatLosesModelsIsRefused() throws Exception {
        StreamSettings settings = settings("deleting", "deleting-models");
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "deleting-models");
        try (Admin admin = admin();
                Telemetry telemetry = new Telemetry("it")) {
            admin.createTopics(List.of(new NewTopic("deleting-models", 1, (short) 1)))
                    .all()
                    .get();
            StreamStartException refused =
                    assertThrows(StreamStartException.class, () -> EddyStreams.start(settings, Models.NONE, telemetry));
            assertTrue(
                    String.valueOf(refused.getMessage())
                            .startsWith("topic deleting-models has cleanup.policy=delete: set it to compact"),
                    refused.getMessage());
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(
                                    new AlterConfigOp(
                                            new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET),
                                    new AlterConfigOp(
                                            new ConfigEntry("max.message.bytes", "1000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            Await.until("the new settings", PATIENCE, () -> "", () -> {
                String message = assertThrows(
                                StreamStartException.class, () -> EddyStreams.start(settings, Models.NONE, telemetry))
                        .getMessage();
                return String.valueOf(message)
                        .equals("topic deleting-models takes messages of 1000 bytes: set its max.message.bytes to"
                                + " 1004096 or more");
            });
        }
    }
}
