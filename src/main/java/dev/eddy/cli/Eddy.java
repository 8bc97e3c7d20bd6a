package dev.eddy.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 on success, 1 on failure, 2 if what was asked for makes no sense. */
@Command(
        name = "eddy",
        description = {
            "Learns from a stream of images while it flows, and tells which of them are unusual.",
            "\"eddy\" stands for: java -jar target/eddy.jar"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            BrokerCommand.class,
            ProduceCommand.class,
            BacktestCommand.class,
            ModelsCommand.class,
            ExportCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExamples:%n",
        footer = {"  eddy demo", "  eddy run --config eddy.properties --set seed=7", "  eddy COMMAND --help"})
public final class Eddy implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more, and show stack traces of failures.")
    private boolean verbose;

    @Option(
            names = "--log-json",
            scope = ScopeType.INHERIT,
            description = "Log one JSON object a line instead of text; logs go to standard error.")
    private boolean logJson;

    private final Stop stop;

    private Eddy(Stop stop) {
        this.stop = stop;
    }

    /** Runs one command and ends the process with its exit code; SIGTERM and SIGINT let it end in good order. */
    public static void main(String[] arguments) {
        Stop stop = new Stop();
        CountDownLatch ended = new CountDownLatch(1);
        int[] exitCode = {CommandLine.ExitCode.SOFTWARE};
        Thread hook = new Thread(
                () -> {
                    stop.request();
                    // The machine's own exit code would be that of the signal, though the command has ended well.
                    Runtime.getRuntime().halt(await(ended, stop) ? exitCode[0] : CommandLine.ExitCode.SOFTWARE);
                },
                "eddy-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        exitCode[0] = execute(stop, writer(System.out), writer(System.err), arguments);
        ended.countDown();
        System.exit(exitCode[0]);
    }

    /** Runs one command in this process: its exit code. */
    static int execute(Stop stop, PrintWriter out, PrintWriter err, String... arguments) {
        System.setProperty("picocli.trace", "OFF"); // it would warn of a value by printing it, passwords too
        Eddy eddy = new Eddy(stop);
        Errors errors = new Errors(eddy);
        return new CommandLine(eddy)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setExecutionStrategy(eddy::run)
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private int run(ParseResult parsed) {
        Logging.configure(verbose, logJson);
        Thread command = Thread.currentThread();
        stop.whenRequested(() -> {
            if (stop.interrupts()) {
                command.interrupt();
            }
        });
        return new RunLast().execute(parsed);
    }

    boolean verbose() {
        return verbose;
    }

    boolean logsJson() {
        return logJson;
    }

    Stop stop() {
        return stop;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static boolean await(CountDownLatch ended, Stop stop) {
        Duration patience = stop.patience();
        try {
            if (ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            return false;
        }
        if (!stop.interrupts()) {
            LoggerFactory.getLogger(Eddy.class)
                    .warn(
                            "has not ended within {} ms; ends now, and what is not committed is done again",
                            patience.toMillis());
        }
        return false;
    }
}
