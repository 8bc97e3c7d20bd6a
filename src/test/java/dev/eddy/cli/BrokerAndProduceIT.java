package dev.eddy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code broker} and {@code produce} together: what is in the files is in the topic. */
class BrokerAndProduceIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Path BUNDLED =
            Path.of("src", "main", "resources", "dev", "eddy", "local", "fashion-mnist", "t10k-images-idx3-ubyte.gz");

    @TempDir
    private Path folder;

    @Test
    void imagesOfAFileAreRecordsOfATopic() throws Exception {
        byte[] images = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6};
        Path imageFile = Files.write(folder.resolve("images"), images);
        Path labelFile = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9});
        RunningCommand broker = new RunningCommand("broker", "--port", "0", "--json");
        JsonNode address = JSON.readTree(broker.firstLine());
        String servers = address.get("bootstrapServers").asText();
        Path directory = Path.of(address.get("directory").asText());
        assertTrue(Files.isDirectory(directory));

        CommandLineOf produced = CommandLineOf.run(
                "produce",
                "--bootstrap-server",
                servers,
                "--topic",
                "pictures",
                "--images",
                imageFile.toString(),
                "--labels",
                labelFile.toString(),
                "--limit",
                "2",
                "--partitions",
                "1",
                "--json");
        assertEquals(0, produced.exitCode(), produced.err());
        assertEquals(2, JSON.readTree(produced.out()).get("sent").asLong());

        List<ConsumerRecord<byte[], byte[]>> sent = Records.of(servers, "pictures", 2);
        assertEquals(2, sent.size());
        assertArrayEquals(new byte[] {1, 2}, sent.get(0).value());
        assertArrayEquals(new byte[] {3, 4}, sent.get(1).value());
        assertEquals("8", label(sent.get(1)));

        CommandLineOf other = CommandLineOf.run(
                "produce",
                "--bootstrap-server",
                servers,
                "--topic",
                "pictures",
                "--images",
                imageFile.toString(),
                "--partitions",
                "2");
        assertEquals(1, other.exitCode());
        assertTrue(
                other.err().startsWith("eddy produce: topic pictures has 1 partitions where 2 are expected"),
                other.err());

        assertEquals(0, broker.stop(), broker.err());
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
        RunningCommand broker = new RunningCommand("broker", "--port", "0", "--json");
        String servers =
                JSON.readTree(broker.firstLine()).get("bootstrapServers").asText();

        CommandLineOf produced = produce(servers, photos);
        assertEquals(0, produced.exitCode(), produced.err());
        assertEquals(1, JSON.readTree(produced.out()).get("sent").asLong());
        assertEquals(2, JSON.readTree(produced.out()).get("passedOver").asLong());
        assertArrayEquals(png, Records.of(servers, "photos", 1).get(0).value());

        Files.delete(photos.resolve("c.png"));
        CommandLineOf none = produce(servers, photos);
        assertEquals(1, none.exitCode());
        assertEquals(
                "eddy produce: no image sent to photos: none of the 2 files of " + photos
                        + " is a picture that can be sent\n",
                none.err());
        assertEquals(1, Records.of(servers, "photos", 1).size());
        assertEquals(0, broker.stop(), broker.err());
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
        RunningCommand broker = new RunningCommand("broker", "--port", "0", "--json");
        String servers =
                JSON.readTree(broker.firstLine()).get("bootstrapServers").asText();

        CommandLineOf produced = produce(servers, photos, "--command-config", client.toString());
        assertEquals(0, produced.exitCode(), produced.err());
        assertEquals(2, JSON.readTree(produced.out()).get("sent").asLong());
        assertEquals(1, JSON.readTree(produced.out()).get("passedOver").asLong());
        assertEquals(2, Records.of(servers, "photos", 2).size());

        try (Topics topics = new Topics(Map.of("bootstrap.servers", servers), Duration.ofSeconds(30))) {
            topics.create("narrow", 1, Map.of("max.message.bytes", "2000"));
        }
        CommandLineOf refused = CommandLineOf.run(
                "produce", "--bootstrap-server", servers, "--topic", "narrow", "--images", photos.toString(), "--json");
        assertEquals(0, refused.exitCode(), refused.err());
        assertEquals(1, JSON.readTree(refused.out()).get("passedOver").asLong());
        assertEquals(2, Records.of(servers, "narrow", 2).size());

        CommandLineOf alone = produce(servers, photos.resolve("b.png"), "--command-config", client.toString());
        assertEquals(1, alone.exitCode());
        assertTrue(alone.err().contains("image b.png of ") && alone.err().contains("max.request.size"), alone.err());
        assertEquals(0, JSON.readTree(alone.out()).get("sent").asLong());
        assertEquals(0, broker.stop(), broker.err());
    }

    @Test
    void whatWasSentIsToldWhenItIsInterrupted() throws Exception {
        RunningCommand broker = new RunningCommand("broker", "--port", "0", "--json");
        String servers =
                JSON.readTree(broker.firstLine()).get("bootstrapServers").asText();
        CommandLineOf created = produce(servers, BUNDLED, "--limit", "1");
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
        assertEquals(0, broker.stop(), broker.err());
    }

    private static CommandLineOf produce(String servers, Path images, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "produce",
                "--bootstrap-server",
                servers,
                "--topic",
                "photos",
                "--images",
                images.toString(),
                "--json"));
        arguments.addAll(List.of(more));
        return CommandLineOf.run(arguments.toArray(new String[0]));
    }

    private static String label(ConsumerRecord<byte[], byte[]> image) {
        var header = image.headers().lastHeader(OutgoingImage.LABEL_HEADER);
        assertNotNull(header);
        return new String(header.value(), UTF_8);
    }
}
