package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.cli.EddyConfig;
import dev.eddy.learn.Learner;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.ModelWriter;
import dev.eddy.snapshot.SnapshotHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A scorer in a process of its own that is killed in the middle of a stream, and the one that takes over. */
class ScorerKillIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 3_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) // what a run has left tells why it failed
    private Path folder;

    private final Map<String, Long> published = new HashMap<>(); // steps by SHA-256
    private final SampleStream pictures = new SampleStream(5);

    @Test
    void everyImageHasOneScoreByAVersionThatWasPublished() throws Exception {
        List<Guarantee> guarantees = List.of(new NoLoss(), new NoDuplicate());
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            String servers = broker.bootstrapServers();
            Map<String, String> settings = new HashMap<>(Settings.SMALL);
            settings.put("bootstrap.servers", servers);
            Path config = Settings.write(folder, settings);
            createTopics(servers);
            try (Learner learner = new Learner(new EddyConfig(settings).learner(), 0);
                    Feed feed = new Feed(servers, "images", PARTITIONS, 6, true);
                    Outputs outputs = new Outputs(servers, PARTITIONS, guarantees)) {
                publish(servers, learner);
                send(feed, RECORDS / 3, guarantees);
                try (Instance killed = Instance.start(folder, config, "--role", "score")) {
                    await("a score", killed, outputs, () -> outputs.scored() > 0);
                    send(feed, 2 * RECORDS / 3, guarantees);
                    killed.process().kill();
                }
                publish(servers, learner);
                try (Instance next = Instance.start(folder, config, "--role", "score")) {
                    send(feed, RECORDS, guarantees);
                    await(
                            "every record",
                            next,
                            outputs,
                            () -> outputs.scored() + outputs.deadLettered() >= feed.sent());
                    await("the end", next, outputs, outputs::areAtEnd);
                }
            }
            guarantees.forEach(Guarantee::check);
            checkVersions(servers);
        }
    }

    private static void createTopics(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            NewTopic models = new NewTopic("models", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            admin.createTopics(List.of(new NewTopic("images", PARTITIONS, (short) 1), models))
                    .all()
                    .get();
        }
    }

    /** Trains a step, and publishes what has come of it. */
    private void publish(String servers, Learner learner) {
        for (int i = 0; !learner.isFull(); i++) {
            learner.add(pictures.get(i).image().pixels());
        }
        learner.train();
        SnapshotHeader header = new SnapshotHeader(
                "images",
                0,
                learner.step(),
                learner.step(),
                0,
                System.currentTimeMillis(),
                "test",
                learner.weightsSha256(),
                1.5,
                Fingerprint.of(learner.config()),
                List.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            new ModelWriter(
                            (key, value) -> {
                                var unused = producer.send(
                                        new ProducerRecord<>("models", 0, key.getBytes(StandardCharsets.UTF_8), value));
                            },
                            500_000)
                    .write(header, learner);
        }
        published.put(header.sha256(), header.step());
    }

    private static void send(Feed feed, long upTo, List<Guarantee> guarantees) throws Exception {
        while (feed.sent() < upTo) {
            for (Sent sent : feed.burst(upTo - feed.sent())) {
                guarantees.forEach(guarantee -> guarantee.produced(sent));
            }
        }
    }

    private static void await(String what, Instance scorer, Outputs outputs, BooleanSupplier condition) {
        Await.until(what, JarProcess.PATIENCE, scorer.process()::tail, () -> {
            outputs.poll();
            return condition.getAsBoolean();
        });
    }

    private void checkVersions(String servers) {
        Map<String, Long> used = new HashMap<>();
        try (TopicReader scores = new TopicReader(servers, "scores", PARTITIONS, IsolationLevel.READ_COMMITTED)) {
            while (!scores.isAtEnd()) {
                scores.poll(Duration.ofMillis(100), score -> {
                    JsonNode value = json(score);
                    used.put(
                            value.required("modelSha256").asText(),
                            value.required("step").asLong());
                });
            }
        }
        assertEquals(published, used);
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
