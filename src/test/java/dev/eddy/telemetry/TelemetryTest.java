package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private static final Set<String> LABELS =
            Set.of("topic", "partition", "kind", "model", "phase", "outcome", "state", "label", "application", "le");

    private final Telemetry telemetry = new Telemetry("test", () -> 1_000_000L);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void everyMeterIsNamedAndDescribedWithItsUnitAndRange() {
        Samples.speak(telemetry);
        Scrape scrape = Scrape.of(telemetry);
        Set<String> eddy = new TreeSet<>();
        for (String family : scrape.families()) {
            if (family.startsWith("eddy_")) {
                eddy.add(family);
                String help = scrape.help().getOrDefault(family, "");
                assertTrue(help.contains("; ") || help.endsWith("always 1"), family + " says no range: " + help);
                assertEquals(
                        family.endsWith("_total"),
                        "counter".equals(scrape.types().get(family)),
                        family);
                assertTrue(family.matches("[a-z0-9_]+"), family);
            }
        }
        assertTrue(eddy.size() > 40, eddy.toString());
        for (String series : scrape.values().keySet()) {
            if (series.startsWith("eddy_") && series.contains("{")) {
                for (String label : series.substring(series.indexOf('{') + 1).split(",", -1)) {
                    assertTrue(LABELS.contains(label.split("=", -1)[0]), series);
                }
            }
        }
    }

    @Test
    void labelsAreCountedAndFew() {
        for (int i = 0; i < 100; i++) {
            for (int n = 0; n <= i % 3; n++) {
                telemetry.labelled("label " + i, n == 0);
            }
        }
        telemetry.labelled(" a\nb " + "x".repeat(100), false);
        Scrape scrape = Scrape.of(telemetry);
        assertEquals(1, scrape.value("eddy_label_anomalous_total{label=\"label 2\"}"));
        assertEquals(3, scrape.value("eddy_label_scored_total{label=\"label 2\"}"));
        assertEquals(
                Labels.MOST + 1,
                scrape.values().keySet().stream()
                        .filter(series -> series.startsWith("eddy_label_scored_total"))
                        .count());
        List<Labels.Count> counts = telemetry.live().labels();
        assertEquals(Labels.OTHER, counts.get(0).label());
        assertEquals(80, counts.get(0).anomalous());
        assertEquals(200, counts.stream().mapToDouble(Labels.Count::scored).sum());
    }

    @Test
    void aLongLabelIsCut() {
        telemetry.labelled(" a\nb" + "x".repeat(100), false);
        assertEquals(
                "a?b" + "x".repeat(37) + "…", telemetry.live().labels().get(0).label());
    }

    @Test
    void theJvmTheProcessAndTheLogAreMetered() {
        Set<String> families = Scrape.of(telemetry).families();
        for (String family : new String[] {
            "jvm_memory_used_bytes",
            "jvm_buffer_memory_used_bytes",
            "jvm_threads_live_threads",
            "jvm_info",
            "process_cpu_usage",
            "process_uptime_seconds",
            "system_cpu_count",
            "logback_events_total"
        }) {
            assertTrue(families.contains(family), family + " is not among " + families);
        }
    }

    @Test
    void aPartitionHasOneSetOfMeters() {
        PartitionMeters first = telemetry.partition("images", 0);
        assertSame(first, telemetry.partition("images", 0));
        assertNotSame(first, telemetry.partition("images", 1));
        assertNotSame(first, telemetry.partition("other", 0));
    }

    @Test
    void historiesGrowByTheTickAndAreBounded() {
        long[] now = {0};
        try (Telemetry ticking = new Telemetry("test", () -> now[0])) {
            PartitionMeters meters = ticking.partition("images", 0);
            for (int second = 1; second <= 2_000; second++) {
                now[0] = second * 1_000L;
                for (int i = 0; i < 3; i++) {
                    meters.received();
                    meters.scored(0, 1, 1, 0.5, false, false);
                }
                ticking.live().tick();
            }
            Sampler sampler = ticking.live().sampler();
            assertEquals(900, sampler.recent().since(0).size());
            assertEquals(33, sampler.day().since(0).size());
            assertEquals(1, sampler.recent().since(1_999_000).size());
            sampler.recent()
                    .since(0)
                    .forEach(point -> assertEquals(3, point.values().get(History.Column.SCORED)));
            assertFalse(sampler.recent().since(0).get(0).values().containsKey(History.Column.VAE_LOSS));
            long scores = 0;
            for (long count : sampler.distribution()) {
                scores += count;
            }
            assertEquals(180, scores, "the scores of the last minute");
        }
    }

    @Test
    void picturesAreThinnedAndBounded() {
        long[] now = {0};
        try (Telemetry ticking = new Telemetry("test", () -> now[0])) {
            LiveData live = ticking.live();
            for (int i = 0; i < 10_000; i++) {
                now[0] = i * 10L;
                live.anomaly("images", 0, i, 5, 0.001, new byte[] {(byte) i});
            }
            assertEquals(24, live.anomalies().size());
            assertEquals(9_980, live.anomalies().get(0).position());
            assertEquals(9_960, live.anomalies().get(1).position());
            long listedBefore = live.anomalies().get(0).id();
            for (int i = 0; i < 50; i++) {
                now[0] += 200;
                live.anomaly("images", 0, i, 5, 0.001, new byte[1]);
            }
            assertTrue(live.png(listedBefore).isPresent(), "a page that has just read the list can fetch it");
        }
    }

    @Test
    void aReconstructionThatIsNotShownIsNotDrawn() {
        long[] now = {0};
        try (Telemetry ticking = new Telemetry("test", () -> now[0])) {
            LiveData live = ticking.live();
            int[] drawn = {0};
            for (int i = 0; i < 1_000; i++) {
                now[0] = i * 10L;
                live.reconstruction(() -> new byte[] {(byte) drawn[0]++});
            }
            assertEquals(10, drawn[0]);
            assertEquals(10, live.reconstructions().size());
        }
    }

    @Test
    void quantilesLieWithinABinOfTheTruth() {
        ScoreBins bins = new ScoreBins();
        for (int i = 0; i < 1_000; i++) {
            bins.add(i / 100.0);
        }
        bins.add(-1e9);
        bins.add(1e9);
        bins.add(Double.NaN);
        long[] counts = new long[ScoreBins.COUNT];
        bins.addTo(counts);
        assertEquals(5, ScoreBins.quantile(counts, 0.5), ScoreBins.WIDTH);
        assertEquals(9.9, ScoreBins.quantile(counts, 0.99), ScoreBins.WIDTH);
        assertTrue(Double.isNaN(ScoreBins.quantile(new long[ScoreBins.COUNT], 0.5)));
    }
}
