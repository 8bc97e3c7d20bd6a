package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What can be told of dashboards and alerts without Grafana and Prometheus. */
class DashboardsTest {

    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern EDDY_NAME = Pattern.compile("\\beddy_[a-z0-9_]+");

    @Test
    void thereAreThreeWithTheSameVariables() throws IOException {
        assertEquals(
                List.of("Eddy: overview", "Eddy: streams", "Eddy: training"),
                Dashboards.all().stream().map(d -> d.path("title").asText()).toList());
        for (JsonNode dashboard : Dashboards.all()) {
            JsonNode variables = dashboard.at("/templating/list");
            assertEquals(List.of("datasource", "job", "instance"), names(variables));
            assertTrue(variables.get(1).path("multi").asBoolean());
            assertTrue(variables.get(2).path("multi").asBoolean());
        }
    }

    @Test
    void everyPanelSaysWhatItShows() throws IOException {
        for (JsonNode dashboard : Dashboards.all()) {
            Set<Integer> ids = new HashSet<>();
            Set<String> titles = new HashSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                String title = dashboard.path("title").asText() + " / "
                        + panel.path("title").asText();
                assertTrue(ids.add(panel.path("id").asInt()), title);
                assertFalse(panel.path("title").asText().isBlank(), title);
                if (panel.path("type").asText().equals("row")) {
                    continue;
                }
                assertTrue(titles.add(title), title + " is there twice");
                assertTrue(panel.path("description").asText().length() > 20, title);
                String unit = panel.path("type").asText().equals("heatmap")
                        ? panel.at("/options/yAxis/unit").asText()
                        : panel.at("/fieldConfig/defaults/unit").asText();
                assertFalse(unit.isBlank(), title + " has no unit");
                assertFalse(panel.path("targets").isEmpty(), title);
                assertEquals("${datasource}", panel.at("/datasource/uid").asText(), title);
                for (JsonNode target : panel.path("targets")) {
                    assertEquals("${datasource}", target.at("/datasource/uid").asText(), title);
                }
            }
        }
    }

    @Test
    void noTwoPanelsOverlap() throws IOException {
        for (JsonNode dashboard : Dashboards.all()) {
            Set<String> cells = new HashSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                JsonNode place = panel.path("gridPos");
                for (int x = place.path("x").asInt();
                        x < place.path("x").asInt() + place.path("w").asInt();
                        x++) {
                    assertTrue(x < 24, panel.path("title").asText());
                    for (int y = place.path("y").asInt();
                            y < place.path("y").asInt() + place.path("h").asInt();
                            y++) {
                        assertTrue(cells.add(x + "," + y), panel.path("title").asText());
                    }
                }
            }
        }
    }

    @Test
    void everyQueryKeepsToTheChosenJobsAndInstances() throws IOException {
        for (Dashboards.Query query : Dashboards.queries()) {
            List<String> selectors = new ArrayList<>();
            Matcher selector = SELECTOR.matcher(query.expression());
            while (selector.find()) {
                selectors.add(selector.group(1));
            }
            assertFalse(selectors.isEmpty(), query.toString());
            for (String matchers : selectors) {
                assertTrue(
                        matchers.startsWith("job=~\"$job\", instance=~\"$instance\""),
                        query + " has {" + matchers + "}");
            }
            assertFalse(query.expression().matches(".*\\[\\d+[smh]].*"), query + " has a fixed range");
            boolean rate =
                    query.expression().contains("rate(") || query.expression().contains("increase(");
            assertEquals(rate, query.expression().contains("[$__rate_interval]"), query.toString());
        }
    }

    @Test
    void noAlertDependsOnAJobsName() throws IOException {
        String rules = Files.readString(Path.of("deploy/prometheus/eddy.rules.yml"));
        assertFalse(Pattern.compile("\\bjob\\s*(=|!)").matcher(rules).find());
    }

    @Test
    void everyNameOfEddysIsServed() throws IOException {
        Set<String> served = new HashSet<>();
        try (Telemetry telemetry = new Telemetry("test", () -> 1_000_000L)) {
            Samples.speak(telemetry);
            Scrape scrape = Scrape.of(telemetry);
            for (String series : scrape.values().keySet()) {
                served.add(series.replaceAll("\\{.*", ""));
            }
        }
        String alerts =
                Files.readString(Path.of("deploy/prometheus/eddy.rules.yml")).replace("name: eddy_rates", "");
        String queries =
                Dashboards.queries().stream().map(Dashboards.Query::expression).collect(Collectors.joining("\n"));
        Matcher name = EDDY_NAME.matcher(alerts + queries);
        int found = 0;
        while (name.find()) {
            assertTrue(served.contains(name.group()), name.group() + " is not served");
            found++;
        }
        assertTrue(found > 80, "found " + found);
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(variable -> variable.path("name").asText())
                .toList();
    }
}
