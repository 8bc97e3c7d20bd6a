package dev.eddy.cli;

import dev.eddy.exchange.ModelFileException;
import dev.eddy.image.ImageFileException;
import dev.eddy.local.BrokerException;
import dev.eddy.registry.RegistryUnavailableException;
import dev.eddy.stream.StreamStartException;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Tells every failure in one line on standard error, which is one of the log with {@code --log-json}; the stack trace
 * follows only with {@code --verbose}.
 */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Eddy eddy;

    Errors(Eddy eddy) {
        this.eddy = eddy;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        print(command, name + ": " + line(e).replace("option option ", "option ") + "; see " + name + " --help", e);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (!(e instanceof CommandException) && isInterruption(e)) {
            tell(command, "interrupted", e);
            return ExitCode.SOFTWARE;
        }
        tell(command, describe(e), e);
        if (e instanceof CommandException ended) {
            return ended.exitCode();
        }
        return e instanceof ConfigurationException
                        || e instanceof ImageFileException
                        || e instanceof ModelFileException
                        || isUsage(misconfiguration(e))
                ? ExitCode.USAGE
                : ExitCode.SOFTWARE;
    }

    /** Whether it comes of a thread's interruption, which libraries wrap in what they failed at. */
    private static boolean isInterruption(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof InterruptedException
                    || at instanceof InterruptException
                    || at instanceof CancellationException) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Exception e) {
        ConfigException wrong = misconfiguration(e);
        if (wrong != null) {
            // What wraps it may hide it, but for a broker's exception, which names the broker besides.
            String line = line(e instanceof BrokerException ? e : wrong);
            if (!isUsage(wrong)) {
                return line + ": DNS knows none of these hosts; correct them, or try again when it does";
            }
            return line.contains("bootstrap") ? line + ": name brokers as HOST:PORT, with commas" : line;
        }
        return isPlain(e) ? line(e) : e.getClass().getSimpleName() + ": " + line(e) + " (--verbose shows where)";
    }

    /** What Kafka's clients have against their configuration, which they wrap; null if it is something else. */
    private static @Nullable ConfigException misconfiguration(Exception e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof ConfigException wrong) {
                return wrong;
            }
        }
        return null;
    }

    /** Whether what Kafka's clients refuse is wrong in itself; a host that DNS does not know may be known later. */
    private static boolean isUsage(@Nullable ConfigException wrong) {
        return wrong != null && !String.valueOf(wrong.getMessage()).startsWith("No resolvable bootstrap");
    }

    /** Whether the message is a line for the user as it stands. */
    private static boolean isPlain(Exception e) {
        return e instanceof CommandException
                || e instanceof ConfigurationException
                || e instanceof ImageFileException
                || e instanceof ModelFileException
                || e instanceof BrokerException
                || e instanceof StreamStartException
                || e instanceof RegistryUnavailableException
                || e instanceof AuthenticationException;
    }

    /** The message without line breaks. */
    static String line(Throwable e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private void tell(CommandLine command, String what, Exception e) {
        String line = command.getCommandSpec().qualifiedName() + ": " + what;
        if (!eddy.logsJson()) {
            print(command, line, e);
        } else if (eddy.verbose()) {
            LoggerFactory.getLogger(Errors.class).error(line, e); // no field: the log is configured by now, not before
        } else {
            LoggerFactory.getLogger(Errors.class).error(line);
        }
    }

    private void print(CommandLine command, String line, Exception e) {
        command.getErr()
                .println(
                        Progress.errorIsTerminal()
                                ? command.getColorScheme().errorText(line).toString()
                                : line);
        if (eddy.verbose()) {
            e.printStackTrace(command.getErr());
        }
        command.getErr().flush();
    }
}
