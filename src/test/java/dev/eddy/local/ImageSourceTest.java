package dev.eddy.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.image.IdxFile;
import dev.eddy.image.Image;
import dev.eddy.image.ImageFileException;
import dev.eddy.image.ImageFiles;
import dev.eddy.image.ImageFormat;
import dev.eddy.image.PngWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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
            ImageSource source = ImageSource.files(images, labels, null);
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
                    assertThrows(ImageFileException.class, () -> ImageSource.files(images, labels, null));
            assertEquals("the file of labels holds 1 labels for 2 images", refusal.getMessage());
        }
    }

    @Test
    void aWatchedFolderGivesWhatIsThereAndWhatComes() throws Exception {
        Files.write(folder.resolve("b.png"), new byte[] {1});
        AtomicBoolean ended = new AtomicBoolean();
        List<String> passedOver = new ArrayList<>();
        ImageSource source =
                ImageSource.watch(folder, ImageFiles.Order.NAME, Duration.ofMillis(1), ended::get, passedOver::add);
        assertEquals("b.png", source.next().orElseThrow().key());
        Files.write(folder.resolve("a.png"), new byte[] {2});
        Files.write(folder.resolve("c.png"), new byte[] {3});
        assertEquals("a.png", source.next().orElseThrow().key());
        Files.delete(folder.resolve("c.png"));
        Files.write(folder.resolve("d.png"), new byte[] {4});
        OutgoingImage last = source.next().orElseThrow();
        assertEquals("d.png", last.key());
        assertArrayEquals(new byte[] {4}, last.value());
        ended.set(true);
        assertTrue(source.next().isEmpty());
        assertEquals(List.of(), passedOver);
    }

    @Test
    void imagesAreSentInAnotherFormat() throws Exception {
        Geometry geometry = new Geometry(3, 2, 1);
        byte[] pixels = {1, 2, 3, 4, 5, 6};
        byte[] png = PngWriter.png(new Image(geometry, pixels));
        Files.write(folder.resolve("a.png"), png);
        Files.write(folder.resolve("b.png"), Arrays.copyOf(png, png.length - 1));
        Files.write(folder.resolve("c.png"), png);
        for (ImageFormat format : List.of(ImageFormat.RAW, ImageFormat.PNG, ImageFormat.JSON, ImageFormat.AVRO)) {
            List<String> passedOver = new ArrayList<>();
            try (ImageFiles files = ImageFiles.open(folder, ImageFiles.Order.NAME)) {
                ImageSource source = ImageSource.files(files, null, null)
                        .encoded(files.decoder(), format.encoder(), passedOver::add);
                for (String name : List.of("a.png", "c.png")) {
                    OutgoingImage image = source.next().orElseThrow();
                    assertEquals(name, image.key());
                    assertArrayEquals(
                            pixels,
                            format.decoder(geometry).decode(image.value()).pixels());
                }
                assertTrue(source.next().isEmpty());
            }
            assertEquals(1, passedOver.size());
            assertTrue(passedOver.get(0).startsWith("b.png: PNG of "), passedOver.toString());
        }
        try (ImageFiles files = ImageFiles.open(folder, ImageFiles.Order.NAME)) {
            ImageSource source =
                    ImageSource.files(files, null, null).encoded(files.decoder(), ImageFormat.RAW.encoder(), null);
            source.next();
            assertThrows(ImageFileException.class, source::next);
        }
    }

    @Test
    void whatIsNoPictureOfAFolderIsPassedOverAndItsLabelWithIt() throws Exception {
        byte[] png = PngWriter.png(new Image(new Geometry(3, 2, 1), new byte[] {1, 2, 3, 4, 5, 6}));
        Files.write(folder.resolve("a.png"), new byte[0]);
        Files.write(folder.resolve("b.png"), png);
        Files.write(folder.resolve("c.png"), "no picture".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("d.png"), Arrays.copyOf(png, png.length - 1));
        Files.write(folder.resolve("e.jpg"), png);
        Path gone = Files.write(folder.resolve("f.png"), png);
        Files.write(folder.resolve("g.png"), png);
        List<String> passedOver = new ArrayList<>();
        try (ImageFiles files = ImageFiles.open(folder, ImageFiles.Order.NAME);
                IdxFile labels = labels(7, new byte[] {1, 2, 3, 4, 5, 6, 7})) {
            Files.delete(gone);
            ImageSource source =
                    ImageSource.files(files, labels, passedOver::add).with(ImageFiles::requirePicture, passedOver::add);
            for (String name : List.of("b.png", "e.jpg", "g.png")) {
                OutgoingImage image = source.next().orElseThrow();
                assertEquals(name, image.key());
                String label = Integer.toString(name.charAt(0) - 'a' + 1);
                assertEquals(label, image.headers().get(OutgoingImage.LABEL_HEADER));
                assertArrayEquals(png, image.value());
            }
            assertTrue(source.next().isEmpty());
        }
        assertEquals(
                List.of("a.png", "c.png", "d.png", gone + " is gone"),
                passedOver.stream()
                        .map(line -> line.contains(":") ? line.substring(0, line.indexOf(':')) : line)
                        .toList());
    }

    private static IdxFile labels(int count, byte[] values) throws IOException {
        ByteBuffer idx = ByteBuffer.allocate(8 + values.length);
        idx.putInt(0x801).putInt(count).put(values);
        return IdxFile.labels("labels", new ByteArrayInputStream(idx.array()));
    }
}
