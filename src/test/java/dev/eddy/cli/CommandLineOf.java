package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * One command, run in this process.
 *
 * @param exitCode what the process would have ended with
 * @param out standard output
 * @param err standard error, without the log
 */
record CommandLineOf(int exitCode, String out, String err) {

    static CommandLineOf run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Eddy.execute(new Stop(), new PrintWriter(out), new PrintWriter(err), arguments);
        return new CommandLineOf(exitCode, out.toString(), err.toString());
    }

    static CommandLineOf produce(String servers, String topic, Path images, String... more) {
        Stream<String> first =
                Stream.of("produce", "--bootstrap-server", servers, "--topic", topic, "--images", images.toString());
        return run(Stream.concat(first, Stream.of(more)).toArray(String[]::new));
    }

    /**
     * Asserts that it failed and said why in one line, and nothing else.
     *
     * @param start of that line
     * @param names what else is in it
     */
    void assertFailed(int expectedCode, String start, String... names) {
        assertTrue(err.startsWith(start), err);
        assertEquals(1, err.lines().count(), err);
        for (String name : names) {
            assertTrue(err.contains(name), err);
        }
        assertEquals("", out);
        assertEquals(expectedCode, exitCode);
    }
}
