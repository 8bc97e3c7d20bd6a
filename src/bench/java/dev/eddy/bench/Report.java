package dev.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table for people, and one JSON object as the last line. In the object, {@code vaeStepRatio}, {@code ganStepRatio},
 * {@code scoreRatio} and {@code learnerRatio} are objects by batch size, 32, 64 and 128, of the default preset, and once
 * more of the classic one under {@code classic}; {@code ownBatchSizes} has the same of the default preset at its own.
 */
final class Report {

    private final List<Line> lines;
    private final double limit;
    private final Map<String, Double> readings;

    /**
     * @param limit the fastest sgemm, in floating-point operations a second
     * @param readings further figures, in order
     */
    Report(List<Line> lines, double limit, Map<String, Double> readings) {
        this.lines = lines;
        this.limit = limit;
        this.readings = readings;
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%-28s %12s %12s %8s %10s%n",
                "work and batch",
                "eddy ms",
                "libtorch ms",
                "ratio",
                "of sgemm");
        for (Line line : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %12.3f %12.3f %8.2f %10.2f%n",
                    line.what().label(),
                    line.eddyMillis(),
                    line.peerMillis(),
                    line.ratio(),
                    line.sgemmFraction(limit));
        }
        readings.forEach((name, value) -> out.printf(Locale.ROOT, "%-40s %14.3f%n", name, value));
        out.printf(Locale.ROOT, "%-40s %14.3f%n", "best sgemm, GFLOP/s", limit / 1e9);
        out.println(json());
    }

    private ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        for (Line line : lines) {
            if (line.what().preset() == Preset.DEFAULT && !line.what().isMixed()) {
                put(json, line);
            }
        }
        ObjectNode own = json.putObject("ownBatchSizes");
        ObjectNode classic = json.putObject("classic");
        for (Line line : lines) {
            if (line.what().isOwn()) {
                own.put(line.what().work().figure, Medians.round(line.ratio()));
            }
            if (line.what().preset() == Preset.CLASSIC) {
                put(classic, line);
            }
            if (line.what().equals(Case.of(Preset.DEFAULT, Work.LEARNER, 128))) {
                json.put("sgemmFraction", Medians.round(line.sgemmFraction(limit)));
            }
        }
        readings.forEach((name, value) -> json.put(name, Medians.round(value)));
        json.put("sgemmGigaflops", Medians.round(limit / 1e9));
        return json;
    }

    private static void put(ObjectNode json, Line line) {
        json.withObject("/" + line.what().work().figure)
                .put(Integer.toString(line.what().batch()), Medians.round(line.ratio()));
    }
}
