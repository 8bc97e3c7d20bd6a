package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration as a stranger starts it: the jar, in a process of its own. */
class DemoIT {

    private static final int RECORDS = 8000;
    private static final int BATCH = 64;
    private static final int VAE_BATCH = 32;

    @TempDir
    private Path folder;

    @Test
    void theSummaryAddsUpAndNothingIsLeftBehind() throws Exception {
        JsonNode summary;
        try (EddyJar demo = new EddyJar(
                folder,
                "demo",
                "--records",
                Integer.toString(RECORDS),
                "--exit",
                "--json",
                "--set",
                "http.listen=127.0.0.1:0")) {
            assertEquals(0, demo.exitCode(), demo.err());
            assertEquals(1, demo.out().lines().count(), demo.out());
            summary = new ObjectMapper().readTree(demo.out());
        }
        long steps = RECORDS / BATCH;
        assertAll(
                summary.toString(),
                () -> assertEquals(RECORDS, number(summary, "received")),
                () -> assertEquals(
                        number(summary, "received"), number(summary, "scored") + number(summary, "deadLettered")),
                () -> assertEquals(0, number(summary, "deadLettered")),
                () -> assertEquals(steps * BATCH / VAE_BATCH, number(summary, "vaeSteps")),
                () -> assertEquals(steps, number(summary, "ganSteps")),
                () -> assertTrue(number(summary, "samplesPublished") > 0),
                // 784 ln 2 = 543 is what a model that knows nothing comes to.
                () -> assertTrue(between(200, 400, summary.get("vaeReconstruction"))),
                () -> assertTrue(between(0, 100, summary.get("vaeKl"))),
                () -> assertTrue(between(200, 500, summary.get("vaeLoss"))),
                () -> assertTrue(between(0, 20, summary.get("generatorLoss"))),
                () -> assertTrue(between(0, 20, summary.get("discriminatorLoss"))),
                () -> assertTrue(between(0.6, 1, summary.get("auroc"))),
                () -> assertTrue(between(1, 1e6, summary.get("recordsPerSecond"))),
                () -> assertTrue(between(0.1, 300, summary.get("firstScoreSeconds"))));
        assertEquals(List.of(), foldersIn(EddyJar.temporary(folder)));
    }

    @Test
    void itEndsWellHoweverEarlyItIsStopped() throws Exception {
        RunningCommand demo = new RunningCommand("demo", "--set", "http.listen=127.0.0.1:0");
        demo.firstLine(); // before there is a broker
        assertEquals(0, demo.stop(), demo.err());
    }

    private static long number(JsonNode summary, String field) {
        return summary.required(field).asLong();
    }

    private static boolean between(double low, double high, JsonNode value) {
        return value.isNumber() && value.asDouble() >= low && value.asDouble() <= high;
    }

    private static List<String> foldersIn(Path temporary) throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            return left.map(Path::toString)
                    .filter(name -> name.contains("eddy"))
                    .toList();
        }
    }
}
