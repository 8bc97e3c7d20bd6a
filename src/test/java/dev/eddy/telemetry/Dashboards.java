package dev.eddy.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code grafana/dashboards} asks Prometheus. */
final class Dashboards {

    static final Path DIRECTORY = Path.of("grafana/dashboards");

    /** One query of one panel; annotations count as panels. */
    record Query(String dashboard, String panel, String expression) {

        /** The expression with every variable replaced as Grafana does for "All". */
        String substituted() {
            return expression
                    .replace("$job", ".+")
                    .replace("$instance", ".+")
                    .replace("$__rate_interval", "20s")
                    .replace("$__range", "1h");
        }
    }

    private Dashboards() {}

    static List<JsonNode> all() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.sorted().toList()) {
                dashboards.add(json.readTree(file.toFile()));
            }
        }
        return dashboards;
    }

    static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        for (JsonNode dashboard : all()) {
            String title = dashboard.path("title").asText();
            for (JsonNode panel : dashboard.path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    queries.add(new Query(
                            title,
                            panel.path("title").asText(),
                            target.path("expr").asText()));
                }
            }
            for (JsonNode annotation : dashboard.path("annotations").path("list")) {
                if (annotation.has("expr")) {
                    queries.add(new Query(
                            title,
                            annotation.path("name").asText(),
                            annotation.path("expr").asText()));
                }
            }
        }
        return queries;
    }
}
