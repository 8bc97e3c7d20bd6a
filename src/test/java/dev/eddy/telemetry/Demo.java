package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.SampleStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built demonstration, or learner, in a process of its own, with samples and snapshots soon. */
final class Demo implements AutoCloseable {

    private static final Pattern PAGE = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");

    private final Path log;
    private final Process process;

    /** @param port of the page, 0 for a free one */
    Demo(int port) throws IOException {
        this(List.of("demo", "--set", "http.listen=127.0.0.1:" + port, "--set", "snapshot.every.steps=50"));
    }

    private Demo(List<String> arguments) throws IOException {
        log = Files.createTempFile("eddy-demo", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-jar",
                "target/eddy.jar"));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Two partitions that learn one model, so that its panels have data as well. */
    static Demo synchronised() throws IOException {
        return new Demo(List.of(
                "demo",
                "--partitions",
                "2",
                "--set",
                "http.listen=127.0.0.1:0",
                "--set",
                "snapshot.every.steps=50",
                "--set",
                "sync.every.steps=10"));
    }

    /** The learner alone, on a broker that the test sends to. */
    static Demo on(String servers, Path folder) throws IOException {
        Path config = Files.writeString(
                folder.resolve("eddy.properties"),
                "bootstrap.servers=" + servers + "\nhttp.listen=127.0.0.1:0\nstate.dir="
                        + folder.resolve("state").toString().replace('\\', '/') + "\n");
        return new Demo(List.of("run", "--config", config.toString()));
    }

    /** Sends images to the topic that {@link #on} learns from. */
    static void send(EmbeddedBroker broker, SampleStream stream, long images) throws Exception {
        try (ImageProducer producer = new ImageProducer(
                Map.of("bootstrap.servers", broker.bootstrapServers()), "images", Duration.ofMinutes(2))) {
            producer.send(ImageSource.samples(stream, 0), images, ImageProducer.UNLIMITED, acknowledged -> {});
        }
    }

    URI uri() throws Exception {
        Await.until("Eddy names its page", Duration.ofMinutes(2), () -> {
            assertTrue(process.isAlive(), () -> "Eddy ended: " + said());
            return PAGE.matcher(said()).find();
        });
        Matcher page = PAGE.matcher(said());
        assertTrue(page.find());
        return URI.create(page.group());
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        Files.delete(log);
    }
}
