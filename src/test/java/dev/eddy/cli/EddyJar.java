package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built jar in a process of its own, with its standard output and error in files. */
final class EddyJar implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 300;

    private final Process process;
    private final Path out;
    private final Path err;

    /**
     * Starts {@code java -jar target/eddy.jar} with the arguments.
     *
     * @param folder where the outputs go, and in {@code tmp} the process's own temporary files
     */
    EddyJar(Path folder, String... arguments) throws IOException {
        out = Files.createTempFile(folder, "out", ".txt");
        err = Files.createTempFile(folder, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Djava.io.tmpdir=" + Files.createDirectories(temporary(folder)),
                "-jar",
                Path.of("target", "eddy.jar").toString()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** Where the processes started with a folder keep their temporary files. */
    static Path temporary(Path folder) {
        return folder.resolve("tmp");
    }

    /** Waits for the end: the exit code. */
    int exitCode() throws InterruptedException, IOException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "still running: " + process.info());
        return process.exitValue();
    }

    /** Asks it to end, as a service manager does: the exit code. */
    int terminate() throws InterruptedException, IOException {
        process.destroy();
        return exitCode();
    }

    /** The first line that it prints. */
    String firstLine() throws IOException {
        RunningCommand.awaitUntil(
                () -> !process.isAlive() || read(out).contains("\n"), () -> "a line of output: " + read(err));
        return out().lines().findFirst().orElseGet(() -> fail("ended with: " + read(err)));
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
