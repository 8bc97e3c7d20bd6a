package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void imagesComeOneByOne(boolean compressed) throws IOException {
        Path file = write(compressed, images(3, 2, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, (byte) 255}));
        try (IdxFile idx = IdxFile.images(file)) {
            assertEquals(3, idx.count());
            assertEquals(new Geometry(2, 2, 1), idx.geometry());
            assertArrayEquals(new byte[] {1, 2, 3, 4}, idx.next());
            assertEquals(1, idx.position());
            assertEquals(2, idx.rest().size());
            assertFalse(idx.hasNext());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void labelsAreBytes(boolean compressed) throws IOException {
        byte[] labels = ByteBuffer.allocate(10)
                .putInt(IdxFile.LABELS)
                .putInt(2)
                .put((byte) 9)
                .put((byte) 0)
                .array();
        try (IdxFile idx = IdxFile.labels(write(compressed, labels))) {
            assertEquals(2, idx.count());
            assertArrayEquals(new byte[] {9}, idx.next());
            assertArrayEquals(new byte[] {0}, idx.next());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTruncationIsRefused(boolean compressed) throws IOException {
        byte[] whole = Files.readAllBytes(write(compressed, images(2, 2, 2, new byte[8])));
        for (int length = 0; length < whole.length; length++) {
            Path file = write(false, Arrays.copyOf(whole, length));
            assertThrows(ImageFileException.class, () -> readAll(file));
        }
    }

    @Test
    void messagesNameTheFileAndWhatIsWrong() throws IOException {
        assertTrue(refusal(folder.resolve("none")).endsWith("does not exist"));
        assertTrue(refusal(folder).endsWith("is no file"));
        assertTrue(refusal(write(false, "hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .endsWith("is no IDX file of images: it starts with 68656c6c, not 00000803"));
        byte[] labels = ByteBuffer.allocate(9).putInt(IdxFile.LABELS).putInt(1).array();
        assertTrue(refusal(write(true, labels))
                .endsWith("is an IDX file of labels, where an IDX file of images is expected"));
        assertTrue(refusal(write(false, images(2, 2, 2, new byte[7]))).endsWith("truncated: it ends in item 2 of 2"));
        assertTrue(refusal(write(false, images(2, 2, 2, new byte[9])))
                .endsWith("longer than the 2 items it says it holds"));
        assertTrue(refusal(write(false, images(1, 0, 5, new byte[0]))).contains("5x0 pixels"));
        assertTrue(refusal(write(false, images(1, 70_000, 70_000, new byte[0]))).contains("70000x70000 pixels"));
        assertTrue(refusal(write(false, images(-1, 2, 2, new byte[0]))).contains("4294967295 items"));
        assertTrue(refusal(write(false, new byte[0])).contains("too short"));
        assertTrue(refusal(write(false, new byte[] {0x1f, (byte) 0x8b, 0})).contains("gzip"));
    }

    private String refusal(Path file) {
        return String.valueOf(
                assertThrows(ImageFileException.class, () -> readAll(file)).getMessage());
    }

    private static void readAll(Path file) throws IOException {
        try (IdxFile idx = IdxFile.images(file)) {
            idx.rest();
        }
    }

    private Path write(boolean compressed, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (compressed) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            }
        } else {
            out.writeBytes(bytes);
        }
        return Files.write(folder.resolve("file"), out.toByteArray());
    }

    static byte[] images(int count, int rows, int columns, byte[] pixels) {
        ByteBuffer file = ByteBuffer.allocate(16 + pixels.length);
        return file.putInt(IdxFile.IMAGES)
                .putInt(count)
                .putInt(rows)
                .putInt(columns)
                .put(pixels)
                .array();
    }
}
