package dev.eddy.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Either all files of a delivery are there, whole, or none. */
class DeliveryTest {

    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void nothingIsInItsPlaceBeforeAllIsWritten() throws IOException {
        Files.writeString(folder.resolve("a"), "old");
        try (Delivery files = new Delivery(folder)) {
            files.add("a", new byte[] {'n', 'e', 'w'});
            files.add("b", new byte[2]);
            assertEquals("old", Files.readString(folder.resolve("a")));
            assertEquals(List.of(folder.resolve("a"), folder.resolve("b")), files.publish());
        }
        assertEquals("new", Files.readString(folder.resolve("a")));
        assertEquals(List.of("a", "b"), names());
    }

    /** The second file cannot be written, because a folder is in its place or in that of its part. */
    @ParameterizedTest
    @ValueSource(strings = {"b", ".b.part"})
    void aFailureAtTheSecondFileLeavesNone(String taken) throws IOException {
        Path inTheWay = Files.createDirectory(folder.resolve(taken));
        Files.writeString(inTheWay.resolve("something"), "else");
        try (Delivery files = new Delivery(folder)) {
            files.add("a", new byte[1]);
            String message = assertThrows(IOException.class, () -> files.add("b", new byte[1]))
                    .getMessage();
            assertTrue(String.valueOf(message).startsWith(inTheWay + " is a directory"), message);
        }
        assertEquals(List.of(taken), names());
    }

    @Test
    void aFailureAtTheSecondPlaceLeavesNone() throws IOException {
        try (Delivery files = new Delivery(folder)) {
            files.add("a", new byte[1]);
            files.add("b", new byte[1]);
            Files.createDirectories(folder.resolve("b").resolve("came between"));
            assertThrows(IOException.class, files::publish);
        }
        assertEquals(List.of("b"), names());
    }

    @Test
    void aDirectoryThatCannotBeCreatedSaysWhy() {
        Path tooLong = folder.resolve("d".repeat(300));
        IOException failure = assertThrows(IOException.class, () -> OutputDirectory.at(tooLong));
        assertEquals("directory " + tooLong + " cannot be created: File name too long", failure.getMessage());
    }

    @Test
    void anEmptyDeliveryLeavesNoFolder() throws IOException {
        Path missing = folder.resolve("missing");
        try (Delivery files = new Delivery(missing)) {
            assertEquals(List.of(), files.publish());
        }
        assertTrue(Files.notExists(missing));
    }
}
