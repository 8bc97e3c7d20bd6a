package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EddyTest {

    /** The switches of the log are properties of the process. */
    @AfterEach
    void forgetSwitches() {
        List.of("eddy.log.level", "eddy.log.libraries", "eddy.log.form").forEach(System::clearProperty);
    }

    @Test
    void anUnknownCommandIsNamed() {
        CommandLineOf done = CommandLineOf.run("learn");
        assertEquals(2, done.exitCode());
        assertEquals("", done.out());
        assertEquals("eddy: Unmatched argument at index 0: 'learn'; see eddy --help\n", done.err());
    }

    @Test
    void anUnknownOptionIsNamed() {
        CommandLineOf done = CommandLineOf.run("--colour");
        assertEquals(2, done.exitCode());
        assertEquals("eddy: Unknown option: '--colour'; see eddy --help\n", done.err());
    }

    @Test
    void noCommandIsNotSuccess() {
        CommandLineOf done = CommandLineOf.run();
        assertEquals(2, done.exitCode());
        assertEquals("eddy: a command is missing; see eddy --help\n", done.err());
    }

    @Test
    void verboseShowsWhere() {
        CommandLineOf done = CommandLineOf.run("--verbose");
        assertEquals(2, done.exitCode());
        assertTrue(done.err().contains("\tat dev.eddy.cli.Eddy.run"), done.err());
    }

    @Test
    void theVersionNamesCommitAndNatives() {
        CommandLineOf done = CommandLineOf.run("--version");
        assertEquals(0, done.exitCode());
        assertTrue(
                done.out().matches("(?s)Eddy \\S+ \\(commit [0-9a-f]{7,}\\)\n.*natives for \\S+-x86_64\n.*"),
                done.out());
        assertEquals("", done.err());
    }

    @Test
    void aShellCanCompleteCommands() {
        CommandLineOf done = CommandLineOf.run("generate-completion");
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(done.out().contains("produce") && done.out().contains("--bootstrap-server"), done.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "run", "broker", "produce", "backtest", "models", "export"})
    void everyCommandHelps(String command) {
        CommandLineOf done = command.isEmpty() ? CommandLineOf.run("--help") : CommandLineOf.run(command, "--help");
        assertEquals(0, done.exitCode());
        assertTrue(done.out().startsWith("Usage: eddy " + command), done.out());
        assertTrue(done.out().contains("Examples:\n  eddy " + command), done.out());
        String examples = done.out().substring(done.out().indexOf("Examples:\n") + "Examples:\n".length());
        assertEquals(
                List.of(),
                examples.lines().filter(line -> !line.startsWith("  ")).toList(),
                "examples wrapped at 80 characters, which nobody can copy");
        assertFalse(done.out().contains("\u001b"), "colours, and there is no terminal");
        assertEquals("", done.err());
    }
}
