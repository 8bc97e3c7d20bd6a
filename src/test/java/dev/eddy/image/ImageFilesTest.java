package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {

    private static final byte[] PNG = PngWriter.png(new Image(Pictures.GREY, new byte[784]));

    @TempDir
    private Path folder;

    @Test
    void aFolderIsReadByNameOrByTime() throws IOException {
        picture("b.png", 1);
        picture("a.PNG", 3);
        picture("c.jpeg", 2);
        Files.writeString(folder.resolve("notes.txt"), "no picture");
        Files.createDirectory(folder.resolve("d.png"));
        assertEquals(List.of("a.PNG", "b.png", "c.jpeg"), names(folder, ImageFiles.Order.NAME));
        assertEquals(List.of("b.png", "c.jpeg", "a.PNG"), names(folder, ImageFiles.Order.MODIFIED));
    }

    @Test
    void anIdxFileIsRawImages() throws IOException {
        Path file = Files.write(folder.resolve("idx"), IdxFileTest.images(2, 1, 2, new byte[] {1, 2, 3, 4}));
        try (ImageFiles files = ImageFiles.open(file, ImageFiles.Order.NAME)) {
            assertEquals(ImageFormat.RAW, files.format());
            assertEquals(2, files.count());
            ImageFiles.Entry first = files.next();
            assertEquals("0", first.name());
            assertArrayEquals(new byte[] {1, 2}, first.bytes());
        }
    }

    @Test
    void aPictureIsOneRecordWhateverItsName() throws IOException {
        Path file = picture("picture.bin", 1);
        try (ImageFiles files = ImageFiles.open(file, ImageFiles.Order.NAME)) {
            assertEquals(1, files.count());
            assertArrayEquals(PNG, files.next().bytes());
        }
    }

    @Test
    void messagesNameTheFile() throws IOException {
        assertTrue(refusal(folder).endsWith("holds no .png, .jpg or .jpeg file"));
        assertTrue(refusal(folder.resolve("none")).endsWith("none does not exist"));
        assertTrue(refusal(Files.writeString(folder.resolve("text"), "hello")).contains("text is neither an IDX file"));
        assertTrue(refusal(Files.write(folder.resolve("empty"), new byte[0])).endsWith("empty is empty"));
        byte[] brokenGzip = {0x1f, (byte) 0x8b, 0, 0};
        assertTrue(refusal(Files.write(folder.resolve("gz"), brokenGzip)).contains("gz cannot be read"));
    }

    private Path picture(String name, long modifiedSeconds) throws IOException {
        Path file = Files.write(folder.resolve(name), PNG);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(modifiedSeconds * 1000));
    }

    private static List<String> names(Path path, ImageFiles.Order order) throws IOException {
        List<String> names = new ArrayList<>();
        try (ImageFiles files = ImageFiles.open(path, order)) {
            while (files.hasNext()) {
                names.add(files.next().name());
            }
        }
        return names;
    }

    private static String refusal(Path path) {
        return String.valueOf(assertThrows(ImageFileException.class, () -> ImageFiles.open(path, ImageFiles.Order.NAME))
                .getMessage());
    }
}
