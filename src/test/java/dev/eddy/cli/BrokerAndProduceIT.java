package dev.eddy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.PngWriter;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.OutgoingImage;
import dev.eddy.local.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code broker} and {@code produce} together: what is in the files is in the topic. */
class BrokerAndProduceIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Path BUNDLED =
            Path.of("src", "main", "resources", "dev", "eddy", "local", "fashion-mnist", "t10k-images-idx3-ubyte.gz");

    @TempDir
    private Path folder;

    private RunningBroker broker;
    private String servers;

    @BeforeEach
    void start() throws Exception {
        broker = new RunningBroker("--port", "0");
        servers = broker.servers();
    }

    @AfterEach
    void stop() throws Exception {
        broker.stop();
    }

    @Test
    void imagesOfAFileAreRecordsOfATopic() throws Exception {
        byte[] images = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6};
        Path imageFile = Files.write(folder.resolve("images"), images);
        Path labelFile = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9});
        Path directory = broker.directory();
        assertTrue(Files.isDirectory(directory));

        CommandLineOf produced =
                produce("pictures", imageFile, "--labels", labelFile.toString(), "--limit", "2", "--partitions", "1");
        assertEquals(0, produced.exitCode(), produced.err());
        assertEquals(2, JSON.readTree(produced.out()).get("sent").asLong());

        List<ConsumerRecord<byte[], byte[]>> sent = Records.of(servers, "pictures", 2);
        assertEquals(2, sent.size());
        assertArrayEquals(new byte[] {1, 2}, sent.get(0).value());
        assertArrayEquals(new byte[] {3, 4}, sent.get(1).value());
        assertEquals("8", label(sent.get(1)));

        CommandLineOf other = CommandLineOf.produce(servers, "pictures", imageFile, "--partitions", "2");
        other.assertFailed(1, "eddy produce: topic pictures has 1 partitions where 2 are expected");

        broker.stop();
        assertFalse(Files.exists(directory));
    }

    @Test
    void whatIsNoPictureInAFolderIsNotSent() throws Exception {
        byte[] png = PngWriter.png(new Image(new Geometry(2, 1, 1), new byte[] {1, 2}));
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.writeString(photos.resolve("a.txt"), "no picture");
        Files.write(photos.resolve("b.png"), Arrays.copyOf(png, png.length - 1));
        Files.write(photos.resolve("c.png"), png);
        Files.write(photos.resolve("d.png"), new byte[0]);

        CommandLineOf produced = produce("photos", photos);
        assertEquals(0, produced.exitCode(), produced.err());
        assertEquals(1, JSON.readTree(produced.out()).get("sent").asLong());
        assertEquals(2, JSON.readTree(produced.out()).get("passedOver").asLong());
        assertArrayEquals(png, Records.of(servers, "photos", 1).get(0).value());

        Files.delete(photos.resolve("c.png"));
        CommandLineOf none = produce("photos", photos);
        assertEquals(1, none.exitCode());
        assertEquals(
                "eddy produce: no image sent to photos: none of the 2 files of " + photos
                        + " is a picture that can be sent\n",
                none.err());
        assertEquals(1, Records.of(servers, "photos", 1).size());
    }

    @Test
    void whatIsTooLargeInAFolderIsPassedOver() throws Exception {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        byte[] png = PngWriter.png(new Image(new Geometry(2, 1, 1), new byte[] {1, 2}));
        byte[] noise = new byte[64 * 64];
        new Random(1).nextBytes(noise);
        Files.write(photos.resolve("a.png"), png);
        Files.write(photos.resolve("b.png"), PngWriter.png(new Image(new Geometry(64, 64, 1), noise)));
        Files.write(photos.resolve("c.png"), png);
        Path client = Files.writeString(folder.resolve("client.properties"), "max.request.size=2000\n");

        CommandLineOf produced = produce("photos", photos, "--command-config", client.toString());
        assertEquals(0, produced.exitCode(), produced.err());
        assertEquals(2, JSON.readTree(produced.out()).get("sent").asLong());
        assertEquals(1, JSON.readTree(produced.out()).get("passedOver").asLong());
        assertEquals(2, Records.of(servers, "photos", 2).size());

        try (Topics topics = new Topics(Map.of("bootstrap.servers", servers), Duration.ofSeconds(30))) {
            topics.create("narrow", 1, Map.of("max.message.bytes", "2000"));
        }
        CommandLineOf refused = produce("narrow", photos);
        assertEquals(0, refused.exitCode(), refused.err());
        assertEquals(1, JSON.readTree(refused.out()).get("passedOver").asLong());
        assertEquals(2, Records.of(servers, "narrow", 2).size());

        CommandLineOf alone = produce("photos", photos.resolve("b.png"), "--command-config", client.toString());
        assertEquals(1, alone.exitCode());
        assertTrue(alone.err().contains("image b.png of ") && alone.err().contains("max.request.size"), alone.err());
        assertEquals(0, JSON.readTree(alone.out()).get("sent").asLong());
    }

    @Test
    void whatWasSentIsToldWhenItIsInterrupted() throws Exception {
        CommandLineOf created = produce("photos", BUNDLED, "--limit", "1");
        assertEquals(0, created.exitCode(), created.err());
        RunningCommand producing = new RunningCommand(
                "produce",
                "--bootstrap-server",
                servers,
                "--topic",
                "photos",
                "--images",
                BUNDLED.toString(),
                "--rate",
                "20",
                "--json");
        assertTrue(Records.of(servers, "photos", 3).size() >= 3);
        assertEquals(1, producing.stop());
        assertEquals("eddy produce: interrupted\n", producing.err());
        long sent = JSON.readTree(producing.firstLine()).get("sent").asLong();
        assertTrue(sent >= 2 && sent < 10_000, producing.firstLine());

        int[] asked = {0};
        ImageSource interrupted = () -> {
            assertTrue(asked[0]++ < 10, "goes on");
            if (asked[0] == 10) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(new OutgoingImage(null, new byte[1], Map.of()));
        };
        Map<String, String> client = Map.of("bootstrap.servers", servers);
        try (ImageProducer producer = new ImageProducer(client, "photos", Duration.ofSeconds(30))) {
            assertThrows(
                    InterruptedException.class,
                    () -> producer.send(interrupted, 100, ImageProducer.UNLIMITED, acknowledged -> {}));
        }
    }

    /** Its result, as one line of JSON. */
    private CommandLineOf produce(String topic, Path images, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--json");
        return CommandLineOf.produce(servers, topic, images, all.toArray(new String[0]));
    }

    private static String label(ConsumerRecord<byte[], byte[]> image) {
        var header = image.headers().lastHeader(OutgoingImage.LABEL_HEADER);
        assertNotNull(header);
        return new String(header.value(), UTF_8);
    }
}
