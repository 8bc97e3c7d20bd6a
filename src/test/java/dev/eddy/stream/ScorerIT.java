package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.it.Await;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner and two scorers beside it, on a broker. */
class ScorerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 2;
    private static final int ROUNDS = 12;
    private static final int ROUND = 250;

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(2);
    private int sent;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** Learner and scorers are told apart by their scores' topic and, of themselves, by their application's id. */
    private StreamSettings settings(String scores, String stateDirectory) {
        LearnerConfig learner = Tiny.learner(5);
        return new StreamSettings(
                Role.LEARN,
                new TopicNames("images", scores, scores + "-anomalies", "samples", "models", "dead"),
                true,
                PARTITIONS,
                learner,
                RecordDecoder.of(dev.eddy.image.ImageFormat.RAW, learner.geometry()),
                "",
                50,
                20,
                500,
                4_000,
                1_000,
                4,
                Tiny.SYNC,
                "test",
                Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        "eddy",
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        StreamsConfig.STATE_DIR_CONFIG,
                        folder.resolve(stateDirectory).toString(),
                        "auto.offset.reset",
                        "earliest",
                        "consumer.metadata.max.age.ms",
                        "500"));
    }

    @Test
    void scorersComeAndGoWhileVersionsChangeAndEveryImageHasOneScore() throws Exception {
        StreamSettings learning = settings("learned", "learner");
        StreamSettings scoring = settings("scored", "scorer-1").scoring();
        StreamSettings scoringToo = settings("scored", "scorer-2").scoring();
        Set<String> published = new HashSet<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                Telemetry telemetry = new Telemetry("learner");
                Telemetry first = new Telemetry("scorer-1");
                Telemetry second = new Telemetry("scorer-2");
                EddyStreams scorer = EddyStreams.start(scoring, Models.NONE, first)) {
            assertFalse(scorer.health().ready());
            assertTrue(scorer.health().live());
            assertEquals(
                    "waits for a complete model in topic models",
                    scorer.health().detail());
            send(producer);
            try (EddyStreams learner = EddyStreams.start(learning, Models.NONE, telemetry)) {
                for (int round = 0; round < ROUNDS / 3; round++) {
                    round(producer, learning, published, scorer);
                }
                Await.until("ready", PATIENCE, scorer::failure, () -> scorer.health()
                        .ready());
                try (EddyStreams other = EddyStreams.start(scoringToo, Models.NONE, second)) {
                    for (int round = 0; round < ROUNDS / 3; round++) {
                        round(producer, learning, published, other);
                    }
                }
                for (int round = 0; round < ROUNDS / 3; round++) {
                    round(producer, learning, published, scorer);
                }
                assertEquals("", learner.failure());
            }
            published(learning, published);
            Await.until(
                    "scores", PATIENCE, scorer::failure, () -> read("scored").size() >= sent);
            assertEquals("", scorer.failure());
            assertTrue(first.scrape().contains("eddy_scorer_model_step{"), "no meter of the model");
            assertTrue(first.scrape().contains("state=\"SCORING\""), "no such state");
        }
        check(published);
    }

    private void round(
            KafkaProducer<byte[], byte[]> producer, StreamSettings learning, Set<String> published, EddyStreams watched)
            throws Exception {
        send(producer);
        int all = sent;
        Await.until("learned", PATIENCE, watched::failure, () -> read("learned").size() >= all);
        published(learning, published);
    }

    private void send(KafkaProducer<byte[], byte[]> producer) {
        for (int i = 0; i < ROUND; i++, sent++) {
            byte[] key = Integer.toString(sent).getBytes(StandardCharsets.UTF_8);
            var unused = producer.send(new ProducerRecord<>("images", sent % PARTITIONS, key, Tiny.image(random)));
        }
        producer.flush();
    }

    private static void published(StreamSettings learning, Set<String> into) throws StreamStartException {
        for (ModelVersion version : ModelTopic.read(learning).newest()) {
            into.add(version.header().sha256());
        }
    }

    private void check(Set<String> published) throws Exception {
        Set<String> keys = new HashSet<>();
        Set<String> models = new HashSet<>();
        Set<Integer> own = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : read("scored")) {
            JsonNode json = JSON.readTree(record.value());
            assertTrue(keys.add(new String(record.key(), StandardCharsets.UTF_8)), () -> "twice: " + json);
            int partition = json.required("partition").asInt();
            if (json.required("modelPartition").asInt() == partition) {
                own.add(partition);
            } else { // another one's only until it has a model of its own
                assertFalse(own.contains(partition), json::toString);
            }
            models.add(json.required("modelSha256").asText());
        }
        assertEquals(sent, keys.size());
        assertEquals(PARTITIONS, own.size());
        assertTrue(models.size() > PARTITIONS, models::toString);
        Set<String> both = new HashSet<>(models);
        both.retainAll(published);
        assertTrue(both.size() > PARTITIONS, "scored with " + models + ", published " + published);
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return CommittedRecords.of(broker.bootstrapServers(), topic);
    }
}
