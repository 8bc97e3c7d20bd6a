package dev.eddy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.exchange.SafetensorsModel;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.OutgoingImage;
import dev.eddy.local.SampleStream;
import dev.eddy.local.Topics;
import dev.eddy.snapshot.SnapshotHeader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** {@code run} in a process of its own against a broker: good and bad records go in, and all that comes out is counted. */
final class RunScenario {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    static final int IMAGES = 1500;
    private static final int PARTITIONS = 2;
    private static final int BATCH = 64;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};

    /** None is an image of 28x28 bytes. */
    private static final List<byte[]> BAD = List.of(new byte[0], new byte[783], new byte[785], new byte[10_000]);

    static final int RECORDS = IMAGES + BAD.size();

    private final String servers;
    private final Path folder;

    RunScenario(String servers, Path folder) {
        this.servers = servers;
        this.folder = folder;
    }

    void plays() throws Exception {
        send();
        Path config = Files.writeString(folder.resolve("eddy.properties"), """
                bootstrap.servers=%s
                application.id=scenario
                state.dir=%s
                samples.every.steps=4
                http.listen=127.0.0.1:0
                """.formatted(
                        servers, folder.resolve("state").toString().replace('\\', '/')));
        try (EddyJar eddy = new EddyJar(folder, "run", "--config", config.toString())) {
            URI page = URI.create(eddy.firstLine().replace("Eddy's page: ", ""));
            Map<Integer, Integer> scored = checkScores(Records.of(servers, "scores", IMAGES));
            checkDeadLetters(Records.of(servers, "dead-letters", BAD.size()));
            checkSamples(Records.of(servers, "samples", 4));
            checkHttp(page);
            assertEquals(0, eddy.terminate(), eddy.err());
            checkModels(config, scored);
            checkExport(config);
        }
    }

    /** Good images with a bad record after each hundredth until those are all sent. */
    private void send() throws Exception {
        SampleStream stream = new SampleStream(7);
        Iterator<OutgoingImage> all = IntStream.range(0, IMAGES)
                .boxed()
                .flatMap(i -> {
                    OutgoingImage good = OutgoingImage.of(stream.get(i), i);
                    return i % 100 == 50 && i / 100 < BAD.size()
                            ? Stream.of(good, new OutgoingImage("bad-" + i / 100, BAD.get(i / 100), Map.of()))
                            : Stream.of(good);
                })
                .iterator();
        Map<String, String> client = Map.of("bootstrap.servers", servers);
        try (Topics topics = new Topics(client, PATIENCE)) {
            topics.createExactly("images", PARTITIONS, Map.of());
        }
        ImageSource source = () -> all.hasNext() ? Optional.of(all.next()) : Optional.empty();
        try (ImageProducer producer = new ImageProducer(client, "images", PATIENCE)) {
            assertEquals(RECORDS, producer.send(source, Long.MAX_VALUE, ImageProducer.UNLIMITED, acknowledged -> {}));
        }
    }

    /** One score for each image under its key and with its headers: how many there are of each partition. */
    private static Map<Integer, Integer> checkScores(List<ConsumerRecord<byte[], byte[]>> scores) throws Exception {
        Set<String> keys = new HashSet<>();
        Map<Integer, Integer> ofPartition = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> score : scores) {
            JsonNode json = JSON.readTree(score.value());
            assertTrue(keys.add(new String(score.key(), UTF_8)), () -> "scored twice: " + json);
            assertNotNull(score.headers().lastHeader(OutgoingImage.LABEL_HEADER));
            assertEquals("images", json.required("topic").asText());
            assertEquals(score.partition(), json.required("partition").asInt());
            assertTrue(json.required("reconstructionError").asDouble() >= 0, json::toString);
            assertTrue(json.required("pValue").asDouble() > 0, json::toString);
            ofPartition.merge(score.partition(), 1, Integer::sum);
        }
        assertEquals(IMAGES, keys.size());
        return ofPartition;
    }

    private static void checkDeadLetters(List<ConsumerRecord<byte[], byte[]>> letters) {
        assertEquals(BAD.size(), letters.size());
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            int index = Integer.parseInt(new String(letter.key(), UTF_8).replace("bad-", ""));
            assertArrayEquals(BAD.get(index), letter.value());
            assertTrue(
                    Arrays.stream(letter.headers().toArray())
                            .anyMatch(header -> header.key().startsWith("__streams.errors.")),
                    letter::toString);
        }
    }

    private static void checkSamples(List<ConsumerRecord<byte[], byte[]>> samples) {
        Set<String> kinds = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> sample : samples) {
            if (Arrays.equals(PNG, Arrays.copyOf(sample.value(), PNG.length))) {
                kinds.add(new String(sample.key(), UTF_8));
            }
        }
        assertEquals(Set.of("vae", "gan"), kinds);
    }

    private static void checkHttp(URI page) throws Exception {
        MetricsText metrics = MetricsText.of(get(page.resolve("metrics")));
        assertEquals(IMAGES, metrics.count("eddy_records_received_total"));
        assertEquals(IMAGES, metrics.count("eddy_records_scored_total"));
        assertEquals(BAD.size(), metrics.count("eddy_records_dead_lettered_total"));
        get(page.resolve("health/ready"));
        get(page.resolve("health/live"));
        assertTrue(get(page).contains("<html"));
    }

    private static String get(URI address) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), address::toString);
        return answer.body();
    }

    private static void checkModels(Path config, Map<Integer, Integer> scored) throws Exception {
        CommandLineOf done = CommandLineOf.run("models", "--config", config.toString(), "--json");
        assertEquals(0, done.exitCode(), done.err());
        JsonNode partitions = JSON.readTree(done.out()).required("partitions");
        assertEquals(PARTITIONS, partitions.size(), done.out());
        for (JsonNode partition : partitions) {
            long images = scored.getOrDefault(partition.required("partition").asInt(), 0);
            assertEquals(images / BATCH, partition.required("step").asLong(), done.out());
            assertTrue(partition.required("nextOffset").asLong() >= images / BATCH * BATCH, done.out());
            assertTrue(partition.required("sha256").asText().matches("[0-9a-f]{64}"), done.out());
        }
    }

    private void checkExport(Path config) throws Exception {
        String out = folder.resolve("exported").toString();
        CommandLineOf tensors = CommandLineOf.run(
                "export", "--config", config.toString(), "--format", "safetensors", "--out", out, "--json");
        assertEquals(0, tensors.exitCode(), tensors.err());
        JsonNode exported = JSON.readTree(tensors.out());
        assertEquals(PARTITIONS, exported.required("files").size(), tensors.out());
        CommandLineOf models = CommandLineOf.run("models", "--config", config.toString(), "--json");
        assertEquals(JSON.readTree(models.out()).required("partitions"), exported.required("partitions"));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            JsonNode model = exported.required("partitions").required(partition);
            Path file = Path.of(exported.required("files").required(partition).asText());
            assertEquals(
                    "images-" + partition + ".safetensors", file.getFileName().toString());
            SnapshotHeader header = SafetensorsModel.read(file, new EddyConfig(Map.of()).learner())
                    .header();
            assertEquals(model.required("sha256").asText(), header.sha256());
            assertEquals(model.required("step").asLong(), header.step());
            assertEquals(model.required("codeVersion").asText(), header.codeVersion());
        }
        CommandLineOf onnx = CommandLineOf.run(
                "export", "--config", config.toString(), "--format", "onnx", "--partition", "1", "--out", out);
        assertEquals(0, onnx.exitCode(), onnx.err());
        assertEquals(
                Stream.of("encoder", "decoder", "scorer", "generator")
                        .map(part -> Path.of(out, "images-1-" + part + ".onnx").toString())
                        .toList(),
                onnx.out().lines().toList());
        try (Stream<Path> files = Files.list(Path.of(out))) {
            assertEquals(PARTITIONS + 4, files.count());
        }
        CommandLineOf published = CommandLineOf.run(
                "export",
                "--config",
                config.toString(),
                "--format",
                "safetensors",
                "--from",
                "models",
                "--out",
                out,
                "--json");
        assertEquals(exported, JSON.readTree(published.out()), published.err());
        String halfway = folder.resolve("halfway").toString();
        Path taken = Files.createDirectories(Path.of(halfway, "images-1-encoder.onnx"));
        CommandLineOf failed =
                CommandLineOf.run("export", "--config", config.toString(), "--format", "onnx", "--out", halfway);
        assertEquals(
                "eddy export: " + taken + " is a directory, where a file is to be; name another with --out\n",
                failed.err());
        assertEquals(1, failed.exitCode());
        try (Stream<Path> files = Files.list(Path.of(halfway))) {
            assertEquals(List.of(taken), files.toList());
        }
        CommandLineOf none = CommandLineOf.run(
                "export", "--config", config.toString(), "--format", "onnx", "--partition", "7", "--out", out + "7");
        assertEquals(1, none.exitCode());
        assertTrue(
                none.err().contains("there is no snapshot of images-7 to export, only of images-0, images-1"),
                none.err());
        assertTrue(Files.notExists(Path.of(out + "7")));
    }

    /** A second learner of the same images, after {@link #plays}. */
    void beginsWithAnExportedModel() throws Exception {
        Path model = folder.resolve("exported").resolve("images-0.safetensors");
        SnapshotHeader parent =
                SafetensorsModel.read(model, new EddyConfig(Map.of()).learner()).header();
        Path config = folder.resolve("eddy.properties");
        String[] options = {"--config", config.toString(), "--set", "application.id=warm", "--set", "models.topic="};
        CommandLineOf refused =
                CommandLineOf.run(with(options, "run", "--set", "vae.latent=7", "--from-model", model.toString()));
        assertEquals(2, refused.exitCode());
        assertTrue(
                refused.err().startsWith("eddy run: " + model + " is not usable: ")
                        && refused.err().contains("vae.latent is 16 in the model, configured 7"),
                refused.err());
        try (EddyJar eddy = new EddyJar(folder, with(options, "run", "--from-model", model.toString()))) {
            Records.of(servers, "scores", 2 * IMAGES);
            assertEquals(0, eddy.terminate(), eddy.err());
        }
        CommandLineOf models = CommandLineOf.run(with(options, "models", "--json"));
        for (JsonNode partition : JSON.readTree(models.out()).required("partitions")) {
            assertTrue(partition.required("step").asLong() > parent.step(), models.out());
            String lineage = partition.required("lineage").toString();
            assertTrue(
                    lineage.contains("began at offset 0 with the model of images-0, step " + parent.step()
                            + ", SHA-256 " + parent.sha256() + ", made "
                            + Instant.ofEpochMilli(parent.createdAtMillis()) + " by " + parent.codeVersion()),
                    lineage);
        }
    }

    private static String[] with(String[] options, String command, String... more) {
        return Stream.of(Stream.of(command), Arrays.stream(options), Arrays.stream(more))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    /** A scorer of the same images by what {@link #plays} has published. */
    void scoresWithPublishedModels() throws Exception {
        String config = folder.resolve("eddy.properties").toString();
        try (EddyJar eddy = new EddyJar(
                folder, "run", "--role", "score", "--config", config, "--set", "scores.topic=scored-again")) {
            assertTrue(eddy.firstLine().startsWith("Eddy's page: "), eddy.err());
            List<ConsumerRecord<byte[], byte[]>> scores = Records.of(servers, "scored-again", IMAGES);
            Set<String> models = new HashSet<>();
            for (ConsumerRecord<byte[], byte[]> score : scores) {
                JsonNode json = JSON.readTree(score.value());
                assertEquals(json.required("partition"), json.required("modelPartition"));
                models.add(json.required("modelSha256").asText());
            }
            CommandLineOf learned = CommandLineOf.run("models", "--config", config, "--json");
            Set<String> expected = new HashSet<>();
            JSON.readTree(learned.out())
                    .required("partitions")
                    .forEach(partition ->
                            expected.add(partition.required("sha256").asText()));
            assertEquals(expected, models);
            assertEquals(0, eddy.terminate(), eddy.err());
        }
    }
}
