package dev.eddy.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.IdxFile;
import dev.eddy.image.ImageFileException;
import dev.eddy.image.ImageFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {

    @TempDir
    private Path folder;

    @Test
    void imagesOfAFileCarryTheirLabels() throws Exception {
        byte[] idx = ByteBuffer.allocate(18)
                .putInt(0x803)
                .putInt(2)
                .putInt(1)
                .putInt(1)
                .put((byte) 7)
                .put((byte) 8)
                .array();
        Path file = Files.write(folder.resolve("images"), idx);
        try (ImageFiles images = ImageFiles.open(file, ImageFiles.Order.NAME);
                IdxFile labels = labels(2, new byte[] {3, (byte) 200})) {
            ImageSource source = ImageSource.files(images, labels);
            assertEquals(Map.of("eddy-label", "3"), source.next().orElseThrow().headers());
            OutgoingImage second = source.next().orElseThrow();
            assertEquals("1", second.key());
            assertArrayEquals(new byte[] {8}, second.value());
            assertEquals(Map.of("eddy-label", "200"), second.headers());
            assertTrue(source.next().isEmpty());
        }
        try (ImageFiles images = ImageFiles.open(file, ImageFiles.Order.NAME);
                IdxFile labels = labels(1, new byte[] {3})) {
            ImageFileException refusal =
                    assertThrows(ImageFileException.class, () -> ImageSource.files(images, labels));
            assertEquals("the file of labels holds 1 labels for 2 images", refusal.getMessage());
        }
    }

    @Test
    void aWatchedFolderGivesWhatIsThereAndWhatComes() throws Exception {
        Files.write(folder.resolve("b.png"), new byte[] {1});
        ImageSource source = ImageSource.watch(folder, ImageFiles.Order.NAME, Duration.ofMillis(1));
        assertEquals("b.png", source.next().orElseThrow().key());
        Files.write(folder.resolve("a.png"), new byte[] {2});
        Files.write(folder.resolve("c.png"), new byte[] {3});
        assertEquals("a.png", source.next().orElseThrow().key());
        Files.delete(folder.resolve("c.png"));
        Files.write(folder.resolve("d.png"), new byte[] {4});
        OutgoingImage last = source.next().orElseThrow();
        assertEquals("d.png", last.key());
        assertArrayEquals(new byte[] {4}, last.value());
    }

    private static IdxFile labels(int count, byte[] values) throws IOException {
        ByteBuffer idx = ByteBuffer.allocate(8 + values.length);
        idx.putInt(0x801).putInt(count).put(values);
        return IdxFile.labels("labels", new ByteArrayInputStream(idx.array()));
    }
}
