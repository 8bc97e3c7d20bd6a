package dev.eddy.cli;

import dev.eddy.image.IdxFile;
import dev.eddy.image.ImageFiles;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            "  java -jar target/eddy.jar produce --bootstrap-server localhost:9092 --topic images \\",
            "      --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --rate 500",
            "  java -jar target/eddy.jar produce --bootstrap-server localhost:9092 --topic images --images photos/",
        })
final class ProduceCommand implements Callable<Integer> {

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

    @Option(
            names = "--images",
            paramLabel = "FILE|DIR",
            required = true,
            description = "An IDX file (plain or gzip), a PNG or JPEG file, or a folder of those.")
    private Path images;

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

    private record Result(String topic, long sent, double seconds, double recordsPerSecond) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        ImageFiles.Order fileOrder = ImageFiles.Order.valueOf(order.toUpperCase(Locale.ROOT));
        try (ImageFiles files = ImageFiles.open(images, fileOrder)) {
            if (labels == null) {
                report(send(ImageSource.files(files), files.count()));
            } else {
                try (IdxFile labelFile = IdxFile.labels(labels)) {
                    report(send(ImageSource.files(files, labelFile), files.count()));
                }
            }
        }
        return 0;
    }

    private void check() {
        Options.check(
                spec, order.equals("name") || order.equals("modified"), "--order " + order + ": name or modified");
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

    private Result send(ImageSource source, long available) throws IOException, InterruptedException {
        Duration patience = Duration.ofSeconds(timeoutSeconds);
        Map<String, Object> properties = new HashMap<>();
        if (clientConfig != null) {
            ConfigOptions.load(clientConfig).forEach((key, value) -> properties.put((String) key, value));
        }
        properties.put("bootstrap.servers", servers);
        try (Topics topics = new Topics(properties, patience)) {
            if (partitions == null) {
                topics.create(topic, 1, Map.of());
            } else {
                topics.createExactly(topic, partitions, Map.of());
            }
        }
        long most = limit == null ? available : Math.min(limit, available);
        Thread sender = Thread.currentThread();
        eddy.stop().whenRequested(sender::interrupt);
        long start = System.nanoTime();
        try (ImageProducer producer = new ImageProducer(properties, topic, patience);
                Progress progress = Progress.of("images", most)) {
            long sent = producer.send(source, most, rate == null ? ImageProducer.UNLIMITED : rate, progress::at);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(topic, sent, seconds, sent / seconds);
        }
    }

    private void report(Result result) {
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? Json.line(result)
                                : String.format(
                                        Locale.ROOT,
                                        "%d images sent to %s in %.1f s, %.0f a second",
                                        result.sent,
                                        result.topic,
                                        result.seconds,
                                        result.recordsPerSecond));
    }
}
