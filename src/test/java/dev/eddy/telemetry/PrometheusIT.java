package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of every panel gives data on a real Prometheus that scrapes a running Eddy: the demonstration, started
 * here, or one that runs at {@code -Deddy.url=http://HOST:PORT/}.
 */
class PrometheusIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Silent in health: the marks of drift, for no drift has happened. They have a test of their own. */
    private static boolean silentInHealth(Dashboards.Query query) {
        String expression = query.expression();
        return expression.contains("eddy_drift_alarms_total") && expression.endsWith("> 0");
    }

    @BeforeEach
    void installed() {
        Assumptions.assumeTrue(
                Prometheus.installed(), "no prometheus and promtool on the path (Debian: apt-get install prometheus)");
    }

    @Test
    void everyPanelHasData() throws Exception {
        String running = System.getProperty("eddy.url");
        if (running != null) {
            everyPanelHasData(URI.create(running));
            return;
        }
        try (Demo demo = Demo.synchronised()) {
            everyPanelHasData(demo.uri());
        }
    }

    private static void everyPanelHasData(URI eddy) throws Exception {
        try (Prometheus prometheus = new Prometheus(eddy)) {
            Set<Dashboards.Query> silent = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
            silent.addAll(Dashboards.queries());
            assertTrue(silent.size() > 100, "queries: " + silent.size());
            try {
                Await.until("every panel has data", LIMIT, () -> {
                    for (Dashboards.Query query : List.copyOf(silent)) {
                        if (silentInHealth(query) || prometheus.numbers(query.substituted()) > 0) {
                            silent.remove(query);
                        }
                    }
                    return silent.isEmpty();
                });
            } catch (AssertionError e) {
                throw new AssertionError("no data from " + silent, e);
            }
        }
    }

    /** What is silent in health speaks when its fault is caused: from one image to the next, all are damaged. */
    @Test
    void theMarksOfDriftSpeakOfADrift(@TempDir Path folder) throws Exception {
        List<Dashboards.Query> marks = Dashboards.queries().stream()
                .filter(PrometheusIT::silentInHealth)
                .toList();
        assertTrue(marks.size() >= 2, "marks: " + marks);
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                Demo eddy = Demo.on(broker.bootstrapServers(), folder);
                Prometheus prometheus = new Prometheus(eddy.uri())) {
            Demo.send(broker, new SampleStream(1, 0), 3_000);
            Await.until(
                    "all is scored", LIMIT, () -> prometheus.numbers("sum(eddy_records_scored_total) == 3000") == 1);
            assertEquals(0, prometheus.numbers("sum(eddy_drift_alarms_total) > 0"), "no drift, no alarm");
            for (Dashboards.Query mark : marks) {
                assertEquals(0, prometheus.numbers(mark.substituted()), mark.toString());
            }
            Demo.send(broker, new SampleStream(1, 1), 1_000);
            for (Dashboards.Query mark : marks) {
                Await.until(mark.toString(), LIMIT, () -> prometheus.numbers(mark.substituted()) > 0);
            }
        }
    }

    @Test
    void promtoolAcceptsConfigurationAndRules() throws Exception {
        promtool("check", "config", "prometheus.yml");
        promtool("check", "rules", "eddy.rules.yml");
        promtool("test", "rules", "eddy.rules.test.yml");
    }

    @Test
    void everyAlertHasAUnitTestAndASectionOfTheRunbook() throws IOException {
        String rules = Files.readString(Path.of("deploy/prometheus/eddy.rules.yml"));
        String tests = Files.readString(Path.of("deploy/prometheus/eddy.rules.test.yml"));
        String readme = Files.readString(Path.of("README.md"));
        Matcher alert = Pattern.compile("- alert: (\\w+)").matcher(rules);
        List<String> missing = new ArrayList<>();
        int alerts = 0;
        while (alert.find()) {
            alerts++;
            String name = alert.group(1);
            if (!tests.contains("alertname: " + name)
                    || !rules.contains("runbook: \"README.md#alert-" + name.toLowerCase(java.util.Locale.ROOT) + "\"")
                    || !readme.contains("# Alert: " + name + "\n")) {
                missing.add(name);
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(alerts >= 10, "alerts: " + alerts);
    }

    private static void promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(Path.of("deploy/prometheus").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
