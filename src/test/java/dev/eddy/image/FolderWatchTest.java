package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void anEmptyFileIsNotComplete() throws IOException {
        FolderWatch watch = new FolderWatch(folder, ImageFiles.Order.NAME);
        write("a.png", 0);
        assertEquals(List.of(), watch.look());
        assertEquals(List.of(), watch.look());
    }

    @Test
    void aMissingFolderIsNamed() {
        FolderWatch watch = new FolderWatch(folder.resolve("none"), ImageFiles.Order.NAME);
        assertThrows(ImageFileException.class, watch::look);
    }

    private Path write(String name, int size) throws IOException {
        return Files.write(folder.resolve(name), new byte[size]);
    }
}
