package dev.eddy.cli;

import dev.eddy.image.ImageFormat;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.SampleStream;
import dev.eddy.stream.EddyStreams;
import dev.eddy.stream.Models;
import dev.eddy.stream.StreamStartException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code eddy demo}: broker, images, learner and page in one process. */
@Command(
        name = "demo",
        description = {
            "Learn from the bundled images (Fashion-MNIST, 2 %% of them damaged) through a broker of its own.",
            "Without --exit it goes on until Ctrl+C; open the page that it names.",
        },
        sortOptions = false,
        footer = {
            "  eddy demo",
            "  eddy demo --records 10000 --exit",
            "  eddy demo --records 10000 --exit --json --set preset=classic",
        })
final class DemoCommand implements Callable<Integer> {

    /** So that a demonstration which nobody ends does not fill the disk. */
    private static final long LONGEST_LOG_BYTES = 256L << 20;

    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);
    private static final double HUMAN_RATE = 500;
    private static final long ONE_ROUND = 10_000;

    @ParentCommand
    private Eddy eddy;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "Send this many images (with --exit 10000, else without end).")
    private @Nullable Long records;

    @Option(names = "--exit", description = "End with a summary once all of them are scored.")
    private boolean exit;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Send this many images a second (500; with --exit as many as are worked on).")
    private @Nullable Double rate;

    @Option(
            names = "--partitions",
            paramLabel = "P",
            defaultValue = "1",
            description = "Partitions of the input topic, each with a model of its own (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--json", description = "With --exit: tell the summary as one line of JSON, and nothing else.")
    private boolean json;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws InterruptedException, StreamStartException {
        check();
        eddy.stop().within(LONGEST_STOP);
        EddyConfig config = options.read(null, defaults());
        WarmUp.start(config.learner());
        SampleStream samples = new SampleStream(config.number("seed"));
        if (!config.geometry().equals(samples.geometry()) || config.format() != ImageFormat.RAW) {
            throw CommandException.usage("the bundled images are raw and of " + samples.geometry()
                    + ": leave image.width, image.height, image.channels and image.format at their defaults");
        }
        try (Endpoints endpoints = open(config);
                TemporaryFolder folder = TemporaryFolder.create()) {
            say("Eddy's page: " + endpoints.page());
            BrokerSettings settings = BrokerSettings.TEMPORARY
                    .in(folder.path().resolve("broker"))
                    .with("log.retention.bytes", Long.toString(LONGEST_LOG_BYTES))
                    .with("log.segment.bytes", Long.toString(LONGEST_LOG_BYTES / 8));
            try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
                EddyConfig wired = config.with(Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "state.dir",
                        folder.path().resolve("streams").toString()));
                try (EddyStreams streams = endpoints.start(wired.stream(), Models.NONE)) {
                    return learn(new Demonstration(wired, samples, endpoints, streams, eddy.stop()));
                }
            }
        }
    }

    private void check() {
        Options.check(spec, records == null || records >= 1, "--records " + records + ": at least 1");
        Options.check(spec, rate == null || (rate > 0 && rate <= 1e9), "--rate " + rate + ": over 0 to 1000000000");
        Options.check(spec, partitions >= 1 && partitions <= 1000, "--partitions " + partitions + ": 1 to 1000");
        Options.check(spec, !json || exit, "--json tells the summary, which there is with --exit");
    }

    private Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("application.id", "eddy-demo");
        defaults.put("topics.partitions", Integer.toString(partitions));
        int threads = Math.min(partitions, Runtime.getRuntime().availableProcessors());
        defaults.put("num.stream.threads", Integer.toString(threads));
        return defaults;
    }

    /** Takes another port if nobody asked for the default one. */
    private static Endpoints open(EddyConfig config) {
        try {
            return Endpoints.open(config);
        } catch (CommandException e) {
            if (config.sets("http.listen")) {
                throw e;
            }
            return Endpoints.open(config.with(Map.of("http.listen", "127.0.0.1:0")));
        }
    }

    private int learn(Demonstration demonstration) throws InterruptedException {
        long limit = records != null ? records : exit ? ONE_ROUND : Long.MAX_VALUE;
        double perSecond = rate != null ? rate : exit ? ImageProducer.UNLIMITED : HUMAN_RATE;
        if (!exit) {
            demonstration.goOn(limit, perSecond);
            return 0;
        }
        DemoSummary summary = demonstration.sumUp(limit, perSecond);
        say(summary.text());
        if (json) {
            spec.commandLine().getOut().println(Json.line(summary));
        }
        return 0;
    }

    /** Tells people something, who are not there when a script wants JSON. */
    private void say(String text) {
        if (!json) {
            spec.commandLine().getOut().println(text);
            spec.commandLine().getOut().flush();
        }
    }
}
