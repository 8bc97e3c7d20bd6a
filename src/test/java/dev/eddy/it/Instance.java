package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One instance of the command {@code run}. */
final class Instance implements AutoCloseable {

    private static final String PAGE = "Eddy's page: ";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    private final JarProcess process;

    private Instance(JarProcess process) {
        this.process = process;
    }

    static Instance start(Path folder, Path config, String... more) throws IOException {
        return start(folder, List.of("-Xmx768m"), config, more);
    }

    /**
     * Starts an instance.
     *
     * @param folder where its outputs go
     * @param options of the virtual machine
     * @param more arguments of the command
     */
    static Instance start(Path folder, List<String> options, Path config, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--config", config.toString()));
        arguments.addAll(List.of(more));
        return new Instance(JarProcess.start(folder, options, arguments));
    }

    JarProcess process() {
        return process;
    }

    /** Waits for the first partition to be restored. */
    void awaitPartition() {
        process.awaitText(" to replay");
    }

    /** Waits for a number of lines of the log that contain a text. */
    void awaitLines(long count, String text) {
        Await.until(
                count + " lines with '" + text + "'", JarProcess.PATIENCE, process::tail, () -> lines(text) >= count);
    }

    /** How many lines of the log contain a text. */
    long lines(String text) {
        return process.err().lines().filter(line -> line.contains(text)).count();
    }

    /** The body of a page of its HTTP endpoint; the status is part of {@code /health}'s. */
    String get(String path) throws IOException, InterruptedException {
        process.awaitText(PAGE);
        String line = process.out()
                .lines()
                .filter(l -> l.startsWith(PAGE))
                .findFirst()
                .orElseThrow();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(line.substring(PAGE.length())).resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /**
     * The sum of the samples of a meter that counts; 0 if it has none.
     *
     * @param labels some of the samples' labels as they are served, such as {@code partition="0"}
     */
    long metric(String name, String... labels) throws IOException, InterruptedException {
        double sum = get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        return Math.round(sum);
    }

    /** Waits until a meter that counts has a value, as in {@link #metric}. */
    void awaitMetric(long value, String name, String... labels) throws Exception {
        long deadline = System.nanoTime() + JarProcess.PATIENCE.toNanos();
        for (long now = metric(name, labels); now != value; now = metric(name, labels)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(name + " is " + now + ", expected " + value + process.tail());
            }
        }
    }

    /**
     * Waits until the equations between counters hold that the meters' documentation states, as they do when nothing is
     * under way and nothing was read twice; the consumer's own meters may come ten seconds later than Eddy's.
     */
    void awaitCountersAgree() throws Exception {
        long received = metric("eddy_records_received_total");
        assertTrue(
                metric("eddy_records_rejected_total") <= received + metric("eddy_records_replayed_total"),
                "kept from training");
        assertTrue(metric("eddy_records_anomalous_total") <= metric("eddy_p_value_ratio_count"), "flagged");
        assertEquals(received, metric("eddy_records_scored_total"));
        assertEquals(received, metric("eddy_records_warming_total") + metric("eddy_p_value_ratio_count"));
        assertEquals(received, metric("eddy_score_count"));
        awaitMetric(
                received + metric("eddy_records_dead_lettered_total"),
                "kafka_consumer_fetch_manager_records_consumed_total",
                "topic=\"images\"");
    }

    /** Ends it as a service manager does: the exit code. */
    int terminate() {
        process.terminate();
        return process.exitCode();
    }

    @Override
    public void close() {
        process.close();
    }
}
