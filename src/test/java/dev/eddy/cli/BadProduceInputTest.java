package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link BadInputTest}: what {@code produce} is to send, and where to. */
class BadProduceInputTest {

    @TempDir
    private Path folder;

    @Test
    void imagesThatAreNotThere() {
        Path missing = folder.resolve("missing.gz");
        produce(missing).assertFailed(2, "eddy produce: " + missing + " does not exist");
    }

    @Test
    void imagesThatAreNoIdxFile() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a picture");
        produce(text).assertFailed(2, "eddy produce: " + text + " is neither an IDX file");
    }

    @Test
    void fewerLabelsThanImages() throws IOException {
        Path images = Files.write(folder.resolve("images"), new byte[] {
            0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6,
        });
        Path labels = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 9});
        produce(images, "--labels", labels.toString())
                .assertFailed(2, "eddy produce: the file of labels holds 1 labels for 2 images");
    }

    /** Before a broker is asked: it would not answer. */
    @Test
    void damagedFilesAreRefusedBeforeAnythingIsSent() throws IOException {
        byte[] whole = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6};
        byte[] gzip = gzip(whole);
        Path images = folder.resolve("images");
        String start = "eddy produce: " + images + " is ";
        Files.write(images, Arrays.copyOf(whole, whole.length - 1));
        produce(images).assertFailed(2, start + "truncated: it ends in item 2 of 2");
        Files.write(images, Arrays.copyOf(whole, whole.length + 1));
        produce(images).assertFailed(2, start + "longer than the 2 items it says it holds");
        Files.write(images, gzip(Arrays.copyOf(whole, whole.length - 1)));
        produce(images).assertFailed(2, start + "truncated: it ends in item 2 of 2");
        Files.write(images, gzip(Arrays.copyOf(whole, whole.length + 1)));
        produce(images).assertFailed(2, start + "longer than the 2 items it says it holds");
        Files.write(images, Arrays.copyOf(gzip, gzip.length - 4));
        produce(images).assertFailed(2, start + "a damaged or truncated gzip file");
        gzip[gzip.length - 8] ^= 1; // the checksum
        Files.write(images, gzip);
        produce(images, "--limit", "1").assertFailed(2, start + "a damaged or truncated gzip file");

        Files.write(images, whole);
        Path labels = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 9});
        produce(images, "--labels", labels.toString())
                .assertFailed(2, "eddy produce: " + labels + " is truncated: it ends in item 2 of 2");
    }

    @Test
    void picturesOfWhichNoneIsSoundAreRefusedBeforeABrokerIsAsked() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Path picture = Files.write(pictures.resolve("a.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        produce(picture).assertFailed(2, "eddy produce: a.png: ");
        CommandLineOf done = produce(pictures, "--json");
        assertEquals(
                "eddy produce: no image sent to images: none of the 1 files of " + pictures
                        + " is a picture that can be sent\n",
                done.err());
        assertTrue(done.out().contains("\"sent\":0,") && done.out().contains("\"passedOver\":1}"), done.out());
        assertEquals(1, done.exitCode());
    }

    @Test
    void aFileWithoutImagesNeedsNoBroker() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1});
        CommandLineOf done = produce(images);
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(done.out().startsWith("0 images sent to images"), done.out());
    }

    @Test
    void aBootstrapServerThatIsNone() throws IOException {
        CommandLineOf.produce("nonsense", "images", oneImage())
                .assertFailed(
                        2,
                        "eddy produce: connecting: the settings for broker nonsense are wrong: Invalid url in bootstrap.servers:"
                                + " nonsense");
    }

    @Test
    void aBrokerThatCannotBeReached() throws IOException {
        produce(oneImage(), "--timeout", "1").assertFailed(1, "eddy produce: ", BadInputTest.NO_BROKER);
    }

    @Test
    void aRegistryThatCannotBeReached() throws IOException {
        produce(oneImage(), "--format", "avro", "--registry", "http://user:secret@127.0.0.1:1")
                .assertFailed(
                        1,
                        "eddy produce: the schema registry at http://127.0.0.1:1 cannot be asked (ConnectException)");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private Path oneImage() throws IOException {
        return Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5});
    }

    private static CommandLineOf produce(Path images, String... more) {
        return CommandLineOf.produce(BadInputTest.NO_BROKER, "images", images, more);
    }
}
