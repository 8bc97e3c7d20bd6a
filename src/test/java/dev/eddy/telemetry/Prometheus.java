package dev.eddy.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Prometheus that scrapes one target every second. */
final class Prometheus implements AutoCloseable {

    private final Path directory;
    private final Process process;
    private final URI uri;
    private final HttpClient client = HttpClient.newHttpClient();

    static boolean installed() {
        return onPath("prometheus") && onPath("promtool");
    }

    private static boolean onPath(String command) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** @param target its {@code /metrics} are scraped, as job eddy */
    Prometheus(URI target) throws Exception {
        directory = Files.createTempDirectory("eddy-prometheus");
        Path config = directory.resolve("prometheus.yml");
        Path rules = Path.of("deploy/prometheus/eddy.rules.yml").toAbsolutePath();
        Files.writeString(config, """
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: eddy
                    static_configs:
                      - targets: ["%s"]
                """.formatted(rules, target.getAuthority()));
        int port = freePort();
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        uri = URI.create("http://127.0.0.1:" + port + "/");
        Await.until("Prometheus is ready", Duration.ofSeconds(30), () -> status("-/ready") == 200);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private int status(String path) throws InterruptedException {
        try {
            return client.send(
                            HttpRequest.newBuilder(uri.resolve(path)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** The samples that an instant query gives now whose value is a number. */
    int numbers(String expression) throws Exception {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri.resolve("api/v1/query?query=" + query))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode json = new ObjectMapper().readTree(response.body());
        if (!json.path("status").asText().equals("success")) {
            throw new IllegalArgumentException(expression + ": " + response.body());
        }
        int numbers = 0;
        for (JsonNode sample : json.at("/data/result")) {
            if (!sample.path("value").path(1).asText().equals("NaN")) {
                numbers++;
            }
        }
        return numbers;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
