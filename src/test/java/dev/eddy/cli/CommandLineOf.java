package dev.eddy.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

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
}
