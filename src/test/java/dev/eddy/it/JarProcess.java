package dev.eddy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code java -jar target/eddy.jar} in a process of its own that can be killed, its output in two files. */
final class JarProcess implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Process process;
    private final String name;
    private final Path out;
    private final Path err;

    private JarProcess(Process process, String name, Path out, Path err) {
        this.process = process;
        this.name = name;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts a command of the jar.
     *
     * @param folder where the outputs go, and the process's temporary files
     * @param options of the virtual machine
     * @param arguments of the command line
     */
    static JarProcess start(Path folder, List<String> options, List<String> arguments) throws IOException {
        String name = arguments.get(0);
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path out = Files.createTempFile(folder, name, ".out");
        Path err = Files.createTempFile(folder, name, ".err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(
                List.of("-jar", Path.of("target", "eddy.jar").toAbsolutePath().toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new JarProcess(process, name + " " + process.pid(), out, err);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written to standard output. */
    String out() {
        return read(out);
    }

    /** What it has written to standard error, which is where the log goes. */
    String err() {
        return read(err);
    }

    /** Waits for a text in either output; fails if the process ends before. */
    void awaitText(String text) {
        Await.until(name + " says '" + text + "'", PATIENCE, this::tail, () -> {
            boolean alive = isAlive();
            boolean said = out().contains(text) || err().contains(text);
            if (!said && !alive) {
                throw new AssertionError(name + " has ended before it said '" + text + "'" + tail());
            }
            return said;
        });
    }

    /** Waits for the end: the exit code. */
    int exitCode() {
        Await.until(name + " ends", PATIENCE, this::tail, () -> !isAlive());
        return process.exitValue();
    }

    /** Ends it as SIGKILL does. */
    void kill() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Whether this machine can stop a process for a while. */
    static boolean canPause() {
        return !System.getProperty("os.name").startsWith("Windows");
    }

    /** Stops it where it is, as a machine does that has no time for it. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on. */
    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", signal, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill " + signal + " " + name + ": exit code " + code);
        }
    }

    /** Asks it to end, as SIGTERM does. */
    void terminate() {
        process.destroy();
    }

    /** The last lines of both outputs, for messages of failures. */
    String tail() {
        return "\n--- " + name + "\n" + last(out(), 3) + last(err(), 25);
    }

    private static String last(String text, int count) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size())) + "\n";
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
        kill();
    }
}
