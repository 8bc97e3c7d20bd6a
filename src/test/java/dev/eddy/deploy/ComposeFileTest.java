package dev.eddy.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The parts of {@code docker-compose.yml} find each other, those included that {@link ComposeIT} does not start. */
class ComposeFileTest {

    private static final Path DEPLOY = Path.of("deploy");
    private static final YAMLMapper YAML = new YAMLMapper();

    private final JsonNode services = read(DEPLOY.resolve("docker-compose.yml")).required("services");

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The engine would make a folder of what is missing. */
    @Test
    void whatIsMountedIsThere() {
        List<String> missing = new ArrayList<>();
        for (JsonNode service : services) {
            mounts(service).forEach((inside, outside) -> {
                if (!Files.exists(outside)) {
                    missing.add(outside.toString());
                }
            });
        }
        assertEquals(List.of(), missing);
        assertTrue(Files.isRegularFile(mounts(services.required("eddy")).get("/eddy.properties")));
    }

    @Test
    void prometheusFindsItsFilesAndEddy() {
        Path folder = mounts(services.required("prometheus")).get("/etc/prometheus");
        JsonNode config = read(folder.resolve("prometheus.yml"));
        assertTrue(Files.exists(folder.resolve(config.at("/rule_files/0").asText())));
        String target =
                config.at("/scrape_configs/0/static_configs/0/targets/0").asText();
        assertEquals("eddy:8080", target);
        assertTrue(services.at("/eddy/ports/0").asText().endsWith(":8080"));
    }

    @Test
    void grafanaFindsPrometheusAndTheDashboards() {
        Map<String, Path> mounts = mounts(services.required("grafana"));
        Path provisioning = mounts.get("/etc/grafana/provisioning");
        assertEquals(
                "http://prometheus:9090",
                read(provisioning.resolve("datasources/prometheus.yml"))
                        .at("/datasources/0/url")
                        .asText());
        String folder = read(provisioning.resolve("dashboards/eddy.yml"))
                .at("/providers/0/options/path")
                .asText();
        Path dashboards = mounts.get(folder);
        String home = services.at("/grafana/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                .asText();
        assertTrue(Files.exists(dashboards.resolve(home.substring(folder.length() + 1))), home);
    }

    /** Folders and files of this tree by where they are put. */
    private static Map<String, Path> mounts(JsonNode service) {
        Map<String, Path> mounts = new TreeMap<>();
        for (JsonNode volume : service.path("volumes")) {
            String[] parts = volume.asText().split(":", -1);
            if (parts[0].startsWith(".")) {
                mounts.put(parts[1], DEPLOY.resolve(parts[0]));
            }
        }
        return mounts;
    }
}
