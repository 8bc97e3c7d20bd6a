package dev.eddy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks that picocli does not do by type. */
final class Options {

    private Options() {}

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
