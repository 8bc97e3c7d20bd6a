package dev.eddy.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks that picocli does not do by type. */
final class Options {

    private Options() {}

    /**
     * Insists that a path is a directory to write to, or can become one.
     *
     * @throws CommandException for exit code 2, if something else is in its place or it may not be written to
     */
    static void checkDirectory(Path path, String option) {
        Path there = path;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there != null && !Files.isDirectory(there)) {
            throw CommandException.usage(
                    there + " is a file, where a directory is expected; name another with " + option);
        }
        if (there != null && !Files.isWritable(there)) {
            throw CommandException.usage(
                    "directory " + there + " cannot be written to: no permission; name another with " + option);
        }
    }

    /**
     * Insists on a condition.
     *
     * @throws ParameterException with the message, for exit code 2, if it does not hold
     */
    static void check(CommandSpec spec, boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
