package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
        this(folder, command(folder, arguments));
    }

    private EddyJar(Path folder, List<String> command) throws IOException {
        out = Files.createTempFile(folder, "out", ".txt");
        err = Files.createTempFile(folder, "err", ".txt");
        process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** As the constructor, on a terminal of its own, where {@link #type} types; its outputs are both in {@link #out}. */
    static EddyJar onTerminal(Path folder, String... arguments) throws IOException {
        String line = command(folder, arguments).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ", "exec env --default-signal=INT ", ""));
        return new EddyJar(folder, List.of("script", "-qefc", line, "/dev/null"));
    }

    /**
     * Whether there is what {@link #onTerminal} needs: the {@code script} of util-linux, and an {@code env} that undoes
     * that Ctrl+C is ignored, which the tests inherit where they run in the background.
     */
    static boolean hasTerminals() throws InterruptedException {
        try {
            Process script = new ProcessBuilder("script", "--version").start();
            String version = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return version.contains("util-linux")
                    && new ProcessBuilder("env", "--default-signal=INT", "true")
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Types on its terminal. */
    void type(String keys) throws IOException {
        OutputStream terminal = process.getOutputStream();
        terminal.write(keys.getBytes(StandardCharsets.UTF_8));
        terminal.flush();
    }

    private static List<String> command(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Djava.io.tmpdir=" + Files.createDirectories(temporary(folder)),
                "-jar",
                Path.of("target", "eddy.jar").toString()));
        command.addAll(List.of(arguments));
        return command;
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

    /** Waits until it has printed something that matches. */
    void awaitOutput(Pattern text) throws IOException {
        RunningCommand.awaitUntil(
                () -> !process.isAlive() || text.matcher(read(out)).find(), () -> text + ": " + read(out));
        assertTrue(text.matcher(out()).find(), () -> "ended with: " + read(out) + read(err));
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
