package dev.eddy.cli;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code eddy broker}: the embedded broker alone. */
@Command(
        name = "broker",
        description = "Run a Kafka broker in this process, on this machine's loopback interface, for trying things.",
        sortOptions = false,
        footer = {
            "  eddy broker",
            "  eddy broker --dir broker-data --port 19092",
        })
final class BrokerCommand implements Callable<Integer> {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    @ParentCommand
    private Eddy eddy;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where its data lie and stay; without it they go with the broker.")
    private @Nullable Path directory;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port to listen on; 0 picks a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--json", description = "Tell the address as one line of JSON.")
    private boolean json;

    private record Address(String bootstrapServers, String directory) {}

    @Override
    public Integer call() throws InterruptedException {
        Options.check(spec, port >= 0 && port <= 65535, "--port " + port + ": a port is 0 to 65535");
        if (directory != null) {
            Options.checkDirectory(directory, "--dir");
        }
        BrokerSettings settings = new BrokerSettings(
                Optional.ofNullable(directory),
                port,
                BrokerSettings.TEMPORARY.listeners(),
                BrokerSettings.TEMPORARY.scramUsers(),
                BrokerSettings.TEMPORARY.properties());
        eddy.stop().within(LONGEST_STOP);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            Address address =
                    new Address(broker.bootstrapServers(), broker.directory().toString());
            spec.commandLine()
                    .getOut()
                    .println(
                            json
                                    ? Json.line(address)
                                    : "Broker at " + address.bootstrapServers + ", data in " + address.directory
                                            + "; Ctrl+C ends it.");
            spec.commandLine().getOut().flush();
            eddy.stop().await();
        }
        return 0;
    }
}
