package dev.eddy.cli;

import dev.eddy.exchange.SafetensorsModel;
import dev.eddy.stream.EddyStreams;
import dev.eddy.stream.Models;
import dev.eddy.stream.Reset;
import dev.eddy.stream.StreamSettings;
import dev.eddy.stream.StreamStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code eddy run}: the learner against a cluster, until it is stopped. */
@Command(
        name = "run",
        description = "Learn from the images of a topic, until SIGTERM or Ctrl+C ends it in good order.",
        sortOptions = false,
        footer = {
            "  eddy run --config eddy.properties",
            "  eddy run --config eddy.properties --set seed=7 --set http.listen=127.0.0.1:0",
        })
final class RunCommand implements Callable<Integer> {

    private static final Duration GLANCE = Duration.ofMillis(200);

    /** Before there is anything to finish. */
    private static final Duration LONGEST_STOP_OF_START = Duration.ofSeconds(5);

    /** Who asks it to end counts on ten seconds. */
    private static final Duration LONGEST_STOP = Duration.ofMillis(8_500);

    @ParentCommand
    private Eddy eddy;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Properties file in UTF-8; the README lists the keys.")
    private Path file;

    @Option(
            names = "--reset",
            description = "First forget what was learned, and learn the input again from its beginning; every image"
                    + " is scored again. All instances must have ended.")
    private boolean reset;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "learn",
            description = "learn, or score: train nothing, and score with the newest models of the models topic"
                    + " (\"${DEFAULT-VALUE}\").")
    private String role;

    @Option(
            names = "--from-model",
            paramLabel = "FILE|topic",
            description = "Begin partitions without a snapshot with the model of an exported safetensors file, or with"
                    + " \"topic\" with those of the models topic, each its own or else the newest.")
    private @Nullable String parent;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws InterruptedException, StreamStartException {
        Logger log = LoggerFactory.getLogger(RunCommand.class);
        Options.check(spec, role.equals("learn") || role.equals("score"), "--role " + role + ": learn or score");
        Options.check(
                spec,
                role.equals("learn") || parent == null,
                "--from-model is for --role learn: scorers keep no model");
        EddyConfig config = options.read(file, Map.of());
        StreamSettings settings = role.equals("score") ? config.stream().scoring() : config.stream();
        eddy.stop().within(LONGEST_STOP_OF_START);
        // Probes are answered from here on, however long the brokers take.
        try (Endpoints endpoints = Endpoints.open(config)) {
            ListenerProtocol.check(settings.kafka(), "--config");
            if (reset) {
                Reset.forget(settings);
            }
            WarmUp.start(config.learner());
            if (!learn(endpoints, settings, parents(config, settings), log)) {
                return ExitCode.SOFTWARE;
            }
        }
        log.info("ended in good order");
        return ExitCode.OK;
    }

    /** Whether it ended in good order; it has said so if it did not. */
    private boolean learn(Endpoints endpoints, StreamSettings settings, Models parents, Logger log)
            throws InterruptedException, StreamStartException {
        EddyStreams streams = endpoints.start(settings, parents);
        try (streams) {
            eddy.stop().within(LONGEST_STOP);
            spec.commandLine().getOut().println("Eddy's page: " + endpoints.page());
            spec.commandLine().getOut().flush();
            Status status = new Status(log);
            while (!eddy.stop().await(GLANCE)) {
                if (streams.awaitEnd(Duration.ZERO)) {
                    throw CommandException.failure(streams.failure());
                }
                status.tellEveryMinute(endpoints);
            }
        }
        if (!streams.failure().isEmpty()) {
            throw CommandException.failure(streams.failure());
        }
        return streams.closedInTime();
    }

    private Models parents(EddyConfig config, StreamSettings settings) throws StreamStartException {
        if (parent == null) {
            return Models.NONE;
        }
        return parent.equals("topic")
                ? Models.published(settings)
                : Models.always(SafetensorsModel.read(Path.of(parent), config.learner()));
    }
}
