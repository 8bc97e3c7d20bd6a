package dev.eddy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.image.AvroImages;
import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.PngWriter;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.OutgoingImage;
import dev.eddy.local.SampleStream;
import dev.eddy.registry.StubRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies between a broker and images as people have them, while the one or the other fails. */
class FormatsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Geometry GEOMETRY = new Geometry(28, 28, 1);

    @TempDir
    private Path folder;

    private RunningBroker broker;
    private String servers;

    @BeforeEach
    void start() throws Exception {
        start("0");
    }

    private void start(String port) throws Exception {
        broker = new RunningBroker("--dir", folder.resolve("broker").toString(), "--port", port);
        servers = broker.servers();
    }

    @AfterEach
    void stop() throws Exception {
        broker.stop();
    }

    @Test
    void aWatchedFolderIsSentOnceWhateverTheBrokerDoes() throws Exception {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        write(photos, "a.png", 1);
        RunningCommand producing = new RunningCommand(
                "produce",
                "--bootstrap-server",
                servers,
                "--topic",
                "photos",
                "--images",
                photos.toString(),
                "--watch",
                "--format",
                "raw",
                "--json");
        try {
            RunningCommand.awaitUntil(() -> hasTopic("photos"), () -> "the topic");
            write(photos, "b.png", 2);
            assertEquals(2, Records.of(servers, "photos", 2).size());
            String port = servers.substring(servers.lastIndexOf(':') + 1);
            broker.stop();
            write(photos, "c.png", 3);
            byte[] last = png(4);
            Files.write(photos.resolve("d.png"), Arrays.copyOf(last, last.length / 2));
            Files.write(photos.resolve("e.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0});
            start(port);
            assertEquals(3, Records.of(servers, "photos", 3).size());
            Files.write(photos.resolve("d.png"), last);
            List<ConsumerRecord<byte[], byte[]>> sent = Records.of(servers, "photos", 4);
            assertEquals(
                    List.of("a.png", "b.png", "c.png", "d.png"),
                    sent.stream().map(record -> new String(record.key(), UTF_8)).toList());
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(pixels(i + 1), sent.get(i).value());
            }
        } finally {
            assertEquals(0, producing.stop(), producing.err());
        }
        assertEquals(4, JSON.readTree(producing.firstLine()).required("sent").asLong());
    }

    private boolean hasTopic(String name) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            return admin.listTopics().names().get().contains(name);
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void aRegistryThatFailsCostsNoRecord() throws Exception {
        int images = 128;
        try (StubRegistry registry = new StubRegistry()) {
            registry.put(3, AvroImages.SCHEMA.toString());
            Map<String, String> settings = new TreeMap<>(Map.of(
                    "bootstrap.servers",
                    servers,
                    "application.id",
                    "avro",
                    "state.dir",
                    folder.resolve("state").toString().replace('\\', '/'),
                    "http.listen",
                    "127.0.0.1:0",
                    "consumer.session.timeout.ms",
                    "6000",
                    "consumer.heartbeat.interval.ms",
                    "1000",
                    "image.format",
                    "avro",
                    "schema.registry.url",
                    registry.url()));
            StringBuilder lines = new StringBuilder();
            settings.forEach(
                    (key, value) -> lines.append(key).append('=').append(value).append('\n'));
            String config =
                    Files.writeString(folder.resolve("eddy.properties"), lines).toString();

            registry.mood = StubRegistry.Mood.BROKEN;
            CommandLineOf refused = CommandLineOf.run("run", "--config", config);
            refused.assertFailed(
                    1,
                    "eddy run: the schema registry at " + registry.url()
                            + " cannot be asked (it answers with status 500)");

            registry.mood = StubRegistry.Mood.WELL;
            RunningCommand running = new RunningCommand("run", "--config", config);
            running.firstLine();
            registry.mood = StubRegistry.Mood.BROKEN;
            int before = registry.requests.get();
            send(images);
            RunningCommand.awaitUntil(
                    () -> registry.requests.get() > before + 1, () -> "a second try of a new stream thread");
            registry.mood = StubRegistry.Mood.WELL;
            List<ConsumerRecord<byte[], byte[]>> scores = Records.of(servers, "scores", images);
            assertEquals(
                    images,
                    scores.stream()
                            .map(score -> new String(score.key(), UTF_8))
                            .distinct()
                            .count());
            assertEquals(images, scores.size());
            assertEquals(List.of(), Records.of(servers, "dead-letters", 0));
            assertEquals(0, running.stop(), running.err());
        }
    }

    private void send(int images) throws Exception {
        SampleStream stream = new SampleStream(7);
        AtomicInteger next = new AtomicInteger();
        ImageSource source = () -> {
            int i = next.getAndIncrement();
            return i == images
                    ? Optional.empty()
                    : Optional.of(new OutgoingImage(
                            "image " + i, StubRegistry.record(3, stream.get(i).image()), Map.of()));
        };
        try (ImageProducer producer =
                new ImageProducer(Map.of("bootstrap.servers", servers), "images", Duration.ofMinutes(1))) {
            assertEquals(images, producer.send(source, images, ImageProducer.UNLIMITED, acknowledged -> {}));
        }
    }

    private static void write(Path folder, String name, int fill) throws Exception {
        Files.write(folder.resolve(name), png(fill));
    }

    private static byte[] png(int fill) {
        return PngWriter.png(new Image(GEOMETRY, pixels(fill)));
    }

    private static byte[] pixels(int fill) {
        byte[] pixels = new byte[GEOMETRY.size()];
        Arrays.fill(pixels, (byte) fill);
        return pixels;
    }
}
