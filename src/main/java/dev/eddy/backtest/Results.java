package dev.eddy.backtest;

import dev.eddy.image.Geometry;
import dev.eddy.image.ImageGrid;
import java.io.IOException;
import java.util.List;

/**
 * A backtest as files:
 *
 * <pre>
 * scores.csv           every image of the test
 * stream-scores.csv    every image of the stream, by the model as it stood
 * vae-samples.png, gan-samples.png
 * most-anomalous.png, least-anomalous.png, false-alarms.png, misses.png
 *                      each as input, reconstruction, where they differ
 * report.html          all of it, for a person
 * </pre>
 */
public final class Results {

    private Results() {}

    /** Writes all of them. */
    public static void write(Outcome outcome, OutputDirectory out) throws IOException {
        Geometry geometry = outcome.plan().learner().geometry();
        int scale = ImageGrid.viewableScale(geometry);
        out.write("scores.csv", ScoresCsv.of(outcome.test()));
        out.write("stream-scores.csv", ScoresCsv.of(outcome.history().scores()));
        List<History.Moment> moments = outcome.history().moments();
        if (!moments.isEmpty()) {
            History.Moment last = moments.get(moments.size() - 1);
            out.write("vae-samples.png", ImageGrid.png(geometry, last.vae(), scale));
            if (!last.gan().isEmpty()) {
                out.write("gan-samples.png", ImageGrid.png(geometry, last.gan(), scale));
            }
        }
        for (Outcome.Exhibit exhibit : outcome.exhibits()) {
            List<byte[]> lines = exhibit.items().stream()
                    .map(item -> Pictures.strip(geometry, item.pixels(), item.reconstruction()))
                    .toList();
            Geometry line = Pictures.stripOf(geometry);
            out.write(exhibit.key() + ".png", ImageGrid.png(line, lines, scale));
        }
        out.write("report.html", Report.html(outcome));
    }
}
