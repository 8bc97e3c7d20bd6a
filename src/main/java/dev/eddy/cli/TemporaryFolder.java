package dev.eddy.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of this process that goes, with all that is in it, when closed. */
record TemporaryFolder(Path path) implements AutoCloseable {

    static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("eddy-"));
        } catch (IOException e) {
            throw CommandException.failure(
                    "no temporary folder in " + System.getProperty("java.io.tmpdir") + ": " + Errors.line(e), e);
        }
    }

    @Override
    public void close() {
        List<Path> inside;
        try (Stream<Path> paths = Files.walk(path)) {
            inside = paths.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path each : inside) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
