package dev.eddy.cli;

import dev.eddy.backtest.OutputDirectory;
import dev.eddy.exchange.OnnxModels;
import dev.eddy.exchange.SafetensorsModel;
import dev.eddy.learn.Learner;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.stream.SnapshotReader;
import dev.eddy.stream.StreamStartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy export}: what has been learned, as files for other programs. */
@Command(
        name = "export",
        description = "Write each partition's model to files: all of it as safetensors, or encoder, decoder, scorer and"
                + " generator as ONNX. A learner may run meanwhile.",
        sortOptions = false,
        footer = {
            "  eddy export --config eddy.properties --format onnx --out exported",
            "  eddy export --config eddy.properties --format safetensors \\",
            "      --partition 0 --out exported",
        })
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Properties file that the learner runs with.")
    private Path file;

    @Option(names = "--format", paramLabel = "FORMAT", required = true, description = "safetensors or onnx.")
    private String format;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to; files of the same names are replaced.")
    private Path directory;

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            defaultValue = "snapshot",
            description =
                    "snapshot for the learner's own snapshots, models for the models topic (\"${DEFAULT-VALUE}\").")
    private String from;

    @Option(names = "--partition", paramLabel = "N", description = "Only the model of this partition.")
    private @Nullable Integer partition;

    @Option(names = "--json", description = "Tell the files and models as one line of JSON.")
    private boolean json;

    @Mixin
    private ConfigOptions options;

    private record Exported(List<String> files, List<PartitionModel> partitions) {}

    private final List<String> files = new ArrayList<>();
    private final List<PartitionModel> models = new ArrayList<>();

    @Override
    public Integer call() {
        Options.check(
                spec,
                format.equals("safetensors") || format.equals("onnx"),
                "--format " + format + ": safetensors or onnx");
        Options.check(
                spec, from.equals("snapshot") || from.equals("models"), "--from " + from + ": snapshot or models");
        EddyConfig config = options.read(file, Map.of());
        try {
            if (from.equals("models")) {
                SnapshotReader.readPublished(config.stream(), this::export);
            } else {
                SnapshotReader.read(config.stream(), this::export);
            }
        } catch (StreamStartException e) {
            throw CommandException.failure(Errors.line(e), e);
        }
        if (models.isEmpty()) {
            throw CommandException.failure("there is no " + (from.equals("models") ? "model" : "snapshot") + " of "
                    + config.text("input.topic")
                    + (partition == null ? "" : "-" + partition) + " to export: the first comes after "
                    + config.integer("snapshot.every.steps") + " steps, or when the learner ends");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(new Exported(files, models)));
        } else {
            files.forEach(out::println);
        }
        return 0;
    }

    private void export(SnapshotHeader header, Learner learner) {
        if (partition != null && header.partition() != partition) {
            return;
        }
        String name = header.topic() + "-" + header.partition();
        if (format.equals("safetensors")) {
            write(name + ".safetensors", SafetensorsModel.write(header, learner));
        } else {
            OnnxModels.write(header, learner).forEach((part, bytes) -> write(name + "-" + part + ".onnx", bytes));
        }
        models.add(PartitionModel.of(header, learner));
    }

    private void write(String name, byte[] bytes) {
        try {
            OutputDirectory out = OutputDirectory.at(directory);
            out.write(name, bytes);
            files.add(out.path().resolve(name).toString());
        } catch (IOException e) {
            throw CommandException.failure(Errors.line(e) + "; name another with --out", e);
        }
    }
}
