package dev.eddy.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** The end of a command that did not succeed; the message is one line that names the input and the remedy. */
final class CommandException extends RuntimeException {

    private final int exitCode;

    private CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What was asked for cannot be done as it was asked: exit code 2. */
    static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message, null);
    }

    /** What was asked for failed: exit code 1. */
    static CommandException failure(String message) {
        return new CommandException(ExitCode.SOFTWARE, message, null);
    }

    /** What was asked for failed: exit code 1. */
    static CommandException failure(String message, Throwable cause) {
        return new CommandException(ExitCode.SOFTWARE, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
