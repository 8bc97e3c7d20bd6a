package dev.eddy.cli;

import dev.eddy.image.IdxFile;
import dev.eddy.image.ImageEncoder;
import dev.eddy.image.ImageFiles;
import dev.eddy.image.ImageFormat;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.SampleStream;
import dev.eddy.registry.RegistryEncoder;
import dev.eddy.registry.RegistryUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code eddy produce}: images of files to a topic. */
@Command(
        name = "produce",
        description = "Send the images of a file or folder to a topic, one record each.",
        sortOptions = false,
        footer = {
            "  eddy produce --bootstrap-server localhost:9092 --topic images \\",
            "      --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz",
            "  eddy produce --bootstrap-server localhost:9092 --topic images \\",
            "      --images photos/ --order modified --watch",
            "  eddy produce --bootstrap-server localhost:9092 --topic images \\",
            "      --bundled --rate 100",
        })
final class ProduceCommand implements Callable<Integer> {

    private static final long SEED = 42;
    private static final Duration LOOKS = Duration.ofSeconds(1);

    @ParentCommand
    private Eddy eddy;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            required = true,
            description = "A broker to begin with; several with commas.")
    private String servers;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            required = true,
            description = "Topic to send to; created if it is missing.")
    private String topic;

    @ArgGroup(multiplicity = "1")
    private final What what = new What();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "An IDX file with a label for each image, for a header of the records.")
    private @Nullable Path labels;

    @Option(
            names = "--order",
            paramLabel = "name|modified",
            defaultValue = "name",
            description = "Order of the files of a folder (default: ${DEFAULT-VALUE}).")
    private String order;

    @Option(
            names = "--watch",
            description = "Keep sending what appears in the folder, until Ctrl+C; each file once, when it is complete.")
    private boolean watch;

    @Option(
            names = "--format",
            paramLabel = "F",
            description = "Send values of this format: raw, png, jpeg, json or avro. Without it PNG and JPEG files go"
                    + " as they are, images of an IDX file as raw pixels.")
    private @Nullable String format;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Apicurio registry to register the schema of --format avro in; without it values are in"
                    + " single-object encoding.")
    private @Nullable String registry;

    @Option(names = "--limit", paramLabel = "N", description = "Send this many images at most.")
    private @Nullable Long limit;

    @Option(names = "--rate", paramLabel = "R", description = "Send this many images a second at most.")
    private @Nullable Double rate;

    @Option(
            names = "--partitions",
            paramLabel = "P",
            description = "Partitions of the topic; one that exists must have as many (a new one has 1 without this).")
    private @Nullable Integer partitions;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Properties for Kafka's clients, such as those of TLS and SASL.")
    private @Nullable Path clientConfig;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the broker before giving up (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Tell the result as one line of JSON.")
    private boolean json;

    /** One of the two. */
    private static final class What {

        @Option(
                names = "--images",
                paramLabel = "FILE|DIR",
                required = true,
                description =
                        "An IDX file (plain or gzip), a PNG or JPEG file, or a folder of those, where what is none is"
                                + " passed over with a warning.")
        private @Nullable Path images;

        @Option(
                names = "--bundled",
                required = true,
                description = "The images of the demonstration, some of them damaged, until --limit or Ctrl+C.")
        private boolean bundled;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        ImageFiles.Order fileOrder = ImageFiles.Order.valueOf(order.toUpperCase(Locale.ROOT));
        Map<String, Object> properties = properties();
        ListenerProtocol.check(properties, "--command-config");
        ImageEncoder encoder = encoder(properties);
        ProduceReport report = new ProduceReport(spec.commandLine().getOut(), json);
        Consumer<String> passOver = what.images != null && Files.isDirectory(what.images) ? report::passOver : null;
        Sending sending = new Sending(
                properties,
                topic,
                partitions,
                Duration.ofSeconds(timeoutSeconds),
                limit == null ? Long.MAX_VALUE : limit,
                rate == null ? ImageProducer.UNLIMITED : rate,
                eddy.stop(),
                passOver,
                report::tell);
        if (what.bundled) {
            sending.untilStopped(bundled(encoder));
            return 0;
        }
        if (watch) {
            ImageSource found = ImageSource.watch(
                    Objects.requireNonNull(what.images), fileOrder, LOOKS, eddy.stop()::isRequested, report::passOver);
            ImageSource source = encoder == null
                    ? found.with(ImageFiles::requirePicture, report::passOver)
                    : found.encoded(ImageFiles.asPictures(), encoder, report::passOver);
            sending.untilStopped(source);
            return 0;
        }
        Path images = Objects.requireNonNull(what.images);
        try (ImageFiles files = ImageFiles.open(images, fileOrder);
                IdxFile labelFile = labels == null ? null : IdxFile.labels(labels)) {
            files.check();
            if (labels != null) {
                IdxFile.checkLabels(labels);
            }
            ImageSource found = ImageSource.files(files, labelFile, passOver);
            ImageSource pictures =
                    files.format() == ImageFormat.RAW ? found : found.with(ImageFiles::requirePicture, passOver);
            ImageSource source = encoder == null ? pictures : found.encoded(files.decoder(), encoder, passOver);
            if (sending.all(source, files.count()) == 0 && report.passedOver() > 0) {
                throw CommandException.failure("no image sent to " + topic + ": none of the " + report.passedOver()
                        + " files of " + images + " is a picture that can be sent");
            }
        }
        return 0;
    }

    private ImageSource bundled(@Nullable ImageEncoder encoder) {
        SampleStream stream = new SampleStream(SEED);
        ImageSource all = ImageSource.samples(stream, 0);
        ImageSource source = () -> eddy.stop().isRequested() ? Optional.empty() : all.next();
        return encoder == null ? source : source.encoded(ImageFormat.RAW.decoder(stream.geometry()), encoder, null);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        if (clientConfig != null) {
            ConfigOptions.load(clientConfig).forEach((key, value) -> properties.put((String) key, value));
        }
        properties.put("bootstrap.servers", servers);
        return properties;
    }

    /** Null if values go as they are. */
    private @Nullable ImageEncoder encoder(Map<String, Object> properties) {
        if (format == null) {
            return null;
        }
        if (registry == null) {
            return ImageFormat.named(format).encoder();
        }
        Map<String, String> forRegistry = new HashMap<>();
        properties.forEach((key, value) -> forRegistry.put(key, String.valueOf(value)));
        RegistryEncoder encoder = new RegistryEncoder(registry, EddyConfig.forRegistry(forRegistry), topic);
        encoder.check();
        return encoder;
    }

    private void check() {
        Options.check(
                spec,
                Ranges.Topic.isName(topic),
                "--topic " + topic + ": " + new Ranges.Topic() + ", at most 249 of them");
        Options.check(
                spec, order.equals("name") || order.equals("modified"), "--order " + order + ": name or modified");
        List<String> formats = Stream.of(ImageFormat.values())
                .filter(f -> f != ImageFormat.AUTO)
                .map(ImageFormat::toString)
                .toList();
        Options.check(
                spec,
                format == null || formats.contains(format),
                "--format " + format + ": " + String.join(", ", formats));
        Options.check(
                spec,
                registry == null || ("avro".equals(format) && Ranges.Url.isUrl(registry)),
                "--registry " + (registry == null ? "" : RegistryUrl.withoutUser(registry))
                        + ": an http or https URL, and only with --format avro");
        Options.check(
                spec, !watch || labels == null, "--labels: not with --watch, whose pictures have no order to label");
        Options.check(
                spec,
                !watch || what.images == null || Files.isDirectory(what.images),
                "--watch " + what.images + ": a folder that exists");
        Options.check(
                spec,
                !what.bundled || (labels == null && !watch),
                "--bundled brings its own labels and ends at Ctrl+C: leave out --labels and --watch");
        Options.check(spec, limit == null || limit >= 0, "--limit " + limit + ": at least 0");
        Options.check(spec, rate == null || (rate > 0 && rate <= 1e9), "--rate " + rate + ": over 0 to 1000000000");
        Options.check(
                spec,
                partitions == null || (partitions >= 1 && partitions <= 10_000),
                "--partitions " + partitions + ": 1 to 10000");
        Options.check(
                spec,
                timeoutSeconds >= 1 && timeoutSeconds <= 3600,
                "--timeout " + timeoutSeconds + ": 1 to 3600 seconds");
    }
}
