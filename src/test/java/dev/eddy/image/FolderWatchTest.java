package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {

    @TempDir
    private Path folder;

    @Test
    void aPictureIsReturnedOnceWhenItNoLongerGrows() throws IOException {
        FolderWatch watch = new FolderWatch(folder, ImageFiles.Order.NAME);
        Path a = write("a.png", 1);
        Path b = write("b.png", 1);
        write("c.txt", 1);
        assertEquals(List.of(), watch.look());
        write("b.png", 2);
        assertEquals(List.of(a), watch.look());
        Path d = write("d.png", 1);
        assertEquals(List.of(b), watch.look());
        assertEquals(List.of(d), watch.look());
        assertEquals(List.of(), watch.look());
        write("a.png", 3);
        Files.delete(b);
        assertEquals(List.of(), watch.look());
        assertEquals(List.of(a), watch.look());
    }

    @Test
    void aPictureWithoutItsEndWaitsHoweverLongItRests() throws IOException {
        FolderWatch watch = new FolderWatch(folder, ImageFiles.Order.NAME);
        byte[] png = png(5);
        byte[] jpeg = Pictures.file(Pictures.gradient(8, 8, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
        Path a = Files.write(folder.resolve("a.png"), Arrays.copyOf(png, png.length - 1));
        Path b = Files.write(folder.resolve("b.jpeg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        for (int look = 1; look < FolderWatch.PATIENT_LOOKS; look++) {
            assertEquals(List.of(), watch.look());
        }
        Files.write(a, png);
        assertEquals(List.of(b), watch.look(), "no sound picture after all, and for others to refuse");
        assertEquals(List.of(a), watch.look());
        Files.write(b, jpeg);
        assertEquals(List.of(), watch.look());
        assertEquals(List.of(b), watch.look());
        assertEquals(List.of(), watch.look());
    }

    @Test
    void aPictureThatIsOnlyTouchedIsNotNew() throws IOException {
        FolderWatch watch = new FolderWatch(folder, ImageFiles.Order.NAME);
        Path a = write("a.png", 1);
        watch.look();
        assertEquals(List.of(a), watch.look());
        Files.setLastModifiedTime(a, FileTime.fromMillis(1_000_000));
        for (int look = 0; look < 2 * FolderWatch.PATIENT_LOOKS; look++) {
            assertEquals(List.of(), watch.look());
        }
    }

    @Test
    void anEmptyFileIsNotComplete() throws IOException {
        FolderWatch watch = new FolderWatch(folder, ImageFiles.Order.NAME);
        Files.write(folder.resolve("a.png"), new byte[0]);
        assertEquals(List.of(), watch.look());
        assertEquals(List.of(), watch.look());
    }

    @Test
    void aMissingFolderIsNamed() {
        FolderWatch watch = new FolderWatch(folder.resolve("none"), ImageFiles.Order.NAME);
        assertThrows(ImageFileException.class, watch::look);
    }

    private Path write(String name, int size) throws IOException {
        return Files.write(folder.resolve(name), png(size));
    }

    /** A whole picture; the sizes differ in length. */
    private static byte[] png(int size) {
        Geometry geometry = new Geometry(8 * size, 8, 1);
        return PngWriter.png(new Image(geometry, Pictures.pixels(geometry, size)));
    }
}
