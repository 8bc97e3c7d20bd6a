package dev.eddy.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
        List<String> arguments = new ArrayList<>(List.of("run", "--config", config.toString()));
        arguments.addAll(List.of(more));
        return new Instance(JarProcess.start(folder, "768m", arguments));
    }

    JarProcess process() {
        return process;
    }

    /** Waits for the first partition to be restored. */
    void awaitPartition() {
        process.awaitText(" to replay");
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

    /** The sum of the samples of a meter; 0 if it has none. */
    double metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
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
