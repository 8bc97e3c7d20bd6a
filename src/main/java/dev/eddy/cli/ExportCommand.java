package dev.eddy.cli;

import dev.eddy.backtest.Delivery;
import dev.eddy.exchange.OnnxModels;
import dev.eddy.exchange.SafetensorsModel;
import dev.eddy.learn.Learner;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.stream.SnapshotReader;
import dev.eddy.stream.StreamSettings;
import dev.eddy.stream.StreamStartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
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

    @Override
    public Integer call() throws StreamStartException {
        Options.check(
                spec,
                format.equals("safetensors") || format.equals("onnx"),
                "--format " + format + ": safetensors or onnx");
        Options.check(
                spec, from.equals("snapshot") || from.equals("models"), "--from " + from + ": snapshot or models");
        Options.checkDirectory(directory, "--out");
        Exported exported = export(options.read(file, Map.of()));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(exported));
        } else {
            exported.files().forEach(out::println);
        }
        return 0;
    }

    /** All partitions' files, or none. */
    private Exported export(EddyConfig config) throws StreamStartException {
        StreamSettings settings = config.stream();
        ListenerProtocol.check(settings.kafka(), "--config");
        List<PartitionModel> models = new ArrayList<>();
        List<String> others = new ArrayList<>();
        try (Delivery files = new Delivery(directory)) {
            SnapshotReader.Visitor visitor = (header, learner) -> {
                if (Thread.interrupted()) {
                    throw new CancellationException("interrupted");
                }
                if (partition == null || header.partition() == partition) {
                    add(files, header, learner);
                    models.add(PartitionModel.of(header, learner));
                } else {
                    others.add(header.topic() + "-" + header.partition());
                }
            };
            if (from.equals("models")) {
                SnapshotReader.readPublished(settings, visitor);
            } else {
                SnapshotReader.read(settings, visitor);
            }
            if (models.isEmpty()) {
                throw CommandException.failure("there is no " + (from.equals("models") ? "model" : "snapshot") + " of "
                        + config.text("input.topic")
                        + (partition == null ? "" : "-" + partition) + " to export"
                        + (others.isEmpty()
                                ? ": the first comes after " + config.integer("snapshot.every.steps")
                                        + " steps, or when a learner that has trained ends"
                                : ", only of " + String.join(", ", others)));
            }
            return new Exported(files.publish().stream().map(Path::toString).toList(), models);
        } catch (IOException | UncheckedIOException e) {
            throw CommandException.failure(Errors.line(e) + "; name another with --out", e);
        }
    }

    private void add(Delivery files, SnapshotHeader header, Learner learner) {
        String name = header.topic() + "-" + header.partition();
        try {
            if (format.equals("safetensors")) {
                files.add(name + ".safetensors", SafetensorsModel.write(header, learner));
            } else {
                for (Map.Entry<String, byte[]> part :
                        OnnxModels.write(header, learner).entrySet()) {
                    files.add(name + "-" + part.getKey() + ".onnx", part.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
