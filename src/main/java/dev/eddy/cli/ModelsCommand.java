package dev.eddy.cli;

import dev.eddy.stream.SnapshotReader;
import dev.eddy.stream.StreamSettings;
import dev.eddy.stream.StreamStartException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models}: what has been learned, partition by partition. */
@Command(
        name = "models",
        description =
                "Tell of each partition's newest snapshot the step, the next offset and the SHA-256 of its weights; with"
                        + " --json also when and by which release it was written, the score that flags an image, and"
                        + " the model's lineage.",
        sortOptions = false,
        footer = {
            "  eddy models --config eddy.properties",
            "  eddy models --config eddy.properties --json",
        })
final class ModelsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Properties file that the learner runs with.")
    private Path file;

    @Option(names = "--json", description = "Tell it as one line of JSON.")
    private boolean json;

    @Mixin
    private ConfigOptions options;

    private record Models(List<PartitionModel> partitions) {}

    @Override
    public Integer call() throws StreamStartException {
        EddyConfig config = options.read(file, Map.of());
        StreamSettings settings = config.stream();
        ListenerProtocol.check(settings.kafka(), "--config");
        List<PartitionModel> models = new ArrayList<>();
        SnapshotReader.read(settings, (header, learner) -> models.add(PartitionModel.of(header, learner)));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(new Models(models)));
        } else if (models.isEmpty()) {
            out.println("no snapshot yet: the first comes after " + config.integer("snapshot.every.steps")
                    + " steps, or when a learner that has trained ends");
        } else {
            out.println("partition        step  next offset  round  SHA-256 of the weights");
            models.forEach(model -> out.printf(
                    "%9d %11d %12d %6d  %s%n",
                    model.partition(), model.step(), model.nextOffset(), model.round(), model.sha256()));
        }
        return 0;
    }
}
