package dev.eddy.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine to their end. */
final class Shell {

    private static final long PATIENCE_MINUTES = 10;

    private final Map<String, String> environment;

    /** @param environment set for all programs, beside what is inherited */
    Shell(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * How a program ended.
     *
     * @param out standard output and error, as they came
     */
    record Ended(int exitCode, String out) {}

    /** Runs a program in the top folder, whatever its exit code. */
    Ended run(List<String> command) throws IOException, InterruptedException {
        Path out = java.nio.file.Files.createTempFile("eddy-shell", ".out");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
            return new Ended(process.exitValue(), java.nio.file.Files.readString(out, UTF_8));
        } catch (IOException e) {
            return new Ended(127, String.valueOf(e.getMessage()));
        } finally {
            java.nio.file.Files.delete(out);
        }
    }

    /** What a program that succeeds prints. */
    String out(String... command) throws IOException, InterruptedException {
        return out(List.of(command));
    }

    /** As {@link #out(String...)}. */
    String out(List<String> command) throws IOException, InterruptedException {
        Ended ended = run(command);
        if (ended.exitCode() != 0) {
            throw new AssertionError(command + " ended with " + ended.exitCode() + ": " + ended.out());
        }
        return ended.out().strip();
    }

    /** Whether a program is there and succeeds. */
    boolean succeeds(String... command) throws IOException, InterruptedException {
        return run(List.of(command)).exitCode() == 0;
    }
}
