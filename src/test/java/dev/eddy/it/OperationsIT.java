package dev.eddy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.image.AvroImages;
import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.PngWriter;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import dev.eddy.registry.StubRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                next.awaitMetric(20_000 - done, "eddy_records_scored_total");
                next.awaitCountersAgree();
            }
        }
    }

    /** The broker goes away in full work: nothing can be committed any more. */
    @Test
    void whatIsNotCommittedInTimeIsLeftToTheNextStartAndTheExitCodeTells() throws Exception {
        try (Instance instance = Instance.start(folder, config("commit.interval.ms", "5000"))) {
            SampleStream pictures = new SampleStream(5);
            LongStream.range(0, 20_000)
                    .forEach(i -> send(pictures.get(i).image().pixels()));
            producer.flush();
            instance.awaitPartition();
            broker.close();
            instance.process().terminate();
            Await.until(
                    "it ends after SIGTERM", Duration.ofSeconds(20), instance.process()::tail, () -> !instance.process()
                            .isAlive());
            assertEquals(1, instance.process().exitCode(), instance.process().tail());
            assertEquals(
                    1,
                    instance.lines("did not end in time: its transaction is aborted"),
                    instance.process().tail());
            assertEquals(
                    0, instance.lines("ended in good order"), instance.process().tail());
        }
    }

    /** A broker that takes connections and says nothing: it is alive, not ready, and ends when it is told to. */
    @Test
    void probesAreAnsweredAndSigtermHeededWhileItWaitsForABroker() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Path config = config(
                    "bootstrap.servers",
                    "127.0.0.1:" + mute.getLocalPort(),
                    "http.listen",
                    "127.0.0.1:" + port,
                    "admin.default.api.timeout.ms",
                    "120000");
            try (Instance instance = Instance.start(folder, config, "--reset")) {
                URI page = URI.create("http://127.0.0.1:" + port + "/");
                Await.until(
                        "it is alive",
                        JarProcess.PATIENCE,
                        instance.process()::tail,
                        () -> status(page.resolve("/health/live")) == 200);
                assertEquals(503, status(page.resolve("/health/ready")));
                assertEquals("", instance.process().out(), "it has not started to learn");
                instance.process().terminate();
                Await.until(
                        "it ends after SIGTERM",
                        Duration.ofSeconds(10),
                        instance.process()::tail,
                        () -> !instance.process().isAlive());
            }
        }
    }

    private static int status(URI uri) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return -1; // nobody listens yet
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "png", "auto"})
    void theLogIsJsonAndCarriesNoPixels(String format) throws Exception {
        byte[] pixels = new byte[28 * 28];
        new Random(7).nextBytes(pixels);
        String numbers = Arrays.toString(unsigned(pixels)).replace(" ", "");
        byte[] json = ("{\"width\":28,\"height\":28,\"pixels\":" + numbers + "}").getBytes(UTF_8);
        byte[] png = PngWriter.png(new Image(new Geometry(28, 28, 1), pixels));
        byte[] damaged = png.clone();
        damaged[png.length / 2] ^= 1;
        List<byte[]> bad = new ArrayList<>(
                List.of(Arrays.copyOf(json, json.length - 2), damaged, Arrays.copyOf(pixels, pixels.length - 1)));
        Collections.rotate(bad, format.equals("json") ? 0 : -1); // the first is the one that the log tells of
        Path config = config("image.format", format);
        try (Instance instance = Instance.start(folder, config, "--log-json", "--verbose")) {
            bad.forEach(this::send);
            for (int i = 0; i < 2 * BATCH; i++) {
                send(format.equals("json") ? json : png);
            }
            instance.awaitMetric(bad.size(), "eddy_records_dead_lettered_total");
            instance.awaitMetric(2 * BATCH, "eddy_records_scored_total");
            assertEquals(0, instance.terminate(), instance.process().tail());
            int lines = 0;
            for (String line : instance.process().err().lines().toList()) {
                JsonNode parsed = JSON.readTree(line);
                assertFalse(parsed.required("level").asText().isEmpty(), line);
                assertFalse(parsed.required("message").asText().isEmpty(), line);
                lines++;
            }
            assertTrue(lines > 5, instance.process().err());
            assertTrue(instance.process().err().contains("dead-lettered"), "a bad record is told of");
            String said = instance.process().err();
            assertCarriesNone(said, pixels);
            assertCarriesNone(said, png);
        }
    }

    /** No six bytes in a row, however they may be written. */
    private static void assertCarriesNone(String log, byte[] bytes) {
        String said = log.replaceAll("[ ,:_]", "");
        for (int i = 0; i + 6 <= bytes.length; i++) {
            byte[] some = Arrays.copyOfRange(bytes, i, i + 6);
            String hex = HexFormat.of().formatHex(some);
            List<String> forms = List.of(
                    Arrays.toString(unsigned(some)).replaceAll("[\\[\\], ]", ""),
                    Arrays.toString(some).replaceAll("[\\[\\], ]", ""),
                    hex,
                    hex.toUpperCase(Locale.ROOT),
                    Base64.getEncoder().encodeToString(some),
                    new String(some, ISO_8859_1));
            for (String form : forms) {
                assertFalse(said.contains(form), () -> "the log has byte " + form + " of an image");
            }
        }
    }

    /** A registry's address may hold a name and a password, and its client has settings of its own. */
    @Test
    void theLogCarriesNoSecretOfTheRegistry() throws Exception {
        try (StubRegistry registry = new StubRegistry()) {
            String[] secret = {
                "image.format",
                "avro",
                "schema.registry.url",
                registry.url().replace("//", "//eddy:correct-horse@"),
                "apicurio.auth.username",
                "eddy",
                "apicurio.auth.password",
                "battery-staple"
            };
            Path config = config(secret);
            registry.put(7, AvroImages.SCHEMA.toString());
            try (Instance instance = Instance.start(folder, config, "--verbose")) {
                SampleStream pictures = new SampleStream(5);
                for (int i = 0; i < BATCH; i++) {
                    send(StubRegistry.record(7, pictures.get(i).image()));
                }
                send(StubRegistry.record(8, pictures.get(0).image()));
                instance.awaitMetric(BATCH, "eddy_records_scored_total");
                instance.awaitMetric(1, "eddy_records_dead_lettered_total");
                String served = instance.get("/metrics") + instance.get("/api/live");
                assertEquals(0, instance.terminate(), instance.process().tail());
                assertNoSecret(instance.process().out() + instance.process().err() + served);
            }
            registry.mood = StubRegistry.Mood.BROKEN;
            assertEndsWithoutASecret(1, config);
            secret[1] = "raw";
            assertEndsWithoutASecret(2, config(secret));
        }
    }

    private void assertEndsWithoutASecret(int exitCode, Path config) throws Exception {
        try (JarProcess refused = JarProcess.start(
                folder, List.of("-Xmx512m"), List.of("run", "--verbose", "--config", config.toString()))) {
            assertEquals(exitCode, refused.exitCode(), refused.tail());
            assertTrue(refused.err().contains("registry"), refused.tail());
            assertNoSecret(refused.out() + refused.err());
        }
    }

    private static void assertNoSecret(String said) {
        for (String secret : List.of("correct-horse", "battery-staple")) {
            int at = said.indexOf(secret);
            assertFalse(at >= 0, () -> "a password is shown: " + said.substring(Math.max(0, at - 200), at));
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
