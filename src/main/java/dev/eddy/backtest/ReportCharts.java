package dev.eddy.backtest;

import dev.eddy.learn.StepReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The charts of a report. */
final class ReportCharts {

    private static final int BINS = 48;
    private static final int POINTS = 160;

    private final Outcome outcome;
    private final boolean judged;

    ReportCharts(Outcome outcome) {
        this.outcome = outcome;
        this.judged = outcome.figures().auroc().main() != null;
    }

    /** A chart with its title and legend; a legend's entry is a series' style and name, parted by a space. */
    private static String figure(String title, String svg, String note, List<String> legend) {
        StringBuilder html = new StringBuilder("<figure><h3>" + Html.escaped(title) + "</h3>" + svg);
        if (!legend.isEmpty()) {
            html.append("<p class='legend'>");
            for (String entry : legend) {
                int space = entry.indexOf(' ');
                html.append("<span><i class='")
                        .append(entry, 0, space)
                        .append("'></i>")
                        .append(Html.escaped(entry.substring(space + 1)))
                        .append("</span>");
            }
            html.append("</p>");
        }
        if (!note.isEmpty()) {
            html.append("<figcaption>").append(Html.escaped(note)).append("</figcaption>");
        }
        return html.append("</figure>").toString();
    }

    /** ROC curves of all scores; empty where there are not both kinds of images. */
    String roc() {
        if (!judged) {
            return "";
        }
        Chart chart = new Chart(new Range(0, 1), "normal images flagged", new Range(0, 1)).diagonal();
        List<String> legend = new ArrayList<>();
        Measure[] measures = Measure.values();
        for (int i = measures.length - 1; i >= 0; i--) { // the main score on top
            Roc roc = measures[i].roc(outcome.test());
            if (roc != null) {
                List<Roc.Point> points = thinned(roc.points());
                chart.line(
                        "s" + i,
                        values(points, Roc.Point::falsePositiveRate),
                        values(points, Roc.Point::truePositiveRate));
                legend.add(0, String.format(Locale.ROOT, "s%d %s %.4f", i, measures[i].key(), roc.area()));
            }
        }
        return figure(
                "Anomalous images found",
                chart.svg("ROC curves of all scores"),
                "ROC over the test; the number is the area under the curve.",
                legend);
    }

    /** Leaves out points that no eye could tell from their neighbours. */
    private static List<Roc.Point> thinned(List<Roc.Point> points) {
        List<Roc.Point> kept = new ArrayList<>();
        Roc.Point last = null;
        for (int i = 0; i < points.size(); i++) {
            Roc.Point point = points.get(i);
            if (last == null
                    || i == points.size() - 1
                    || point.falsePositiveRate() - last.falsePositiveRate() > 0.002
                    || point.truePositiveRate() - last.truePositiveRate() > 0.002) {
                kept.add(point);
                last = point;
            }
        }
        return kept;
    }

    /** How one score is spread over the test. */
    String histogram(Measure measure) {
        double[] all = outcome.test().stream().mapToDouble(measure::of).toArray();
        Range range = Range.ofMost(all);
        double[] normal = shares(measure, range, image -> !image.isAnomalous());
        double[] anomalous = shares(measure, range, ScoredImage::isAnomalous);
        double highest = Math.max(highest(normal), highest(anomalous));
        Chart chart = new Chart(range, unit(measure), new Range(0, highest).withHeadroom()).columns("s0", normal);
        if (judged) {
            chart.columns("s1", anomalous);
        }
        String title = measure == Measure.SCORE ? "Main score" : measure.key();
        return figure(
                title,
                chart.svg("histogram of " + title),
                "Share of the test's images, %.",
                judged ? List.of("s0 normal", "s1 anomalous") : List.of());
    }

    private static String unit(Measure measure) {
        return switch (measure) {
            case SCORE -> "deviations";
            case RAPP -> "distance";
            case RECONSTRUCTION_ERROR, KL, CROSS_ENTROPY -> "nats per image";
        };
    }

    private double[] shares(Measure measure, Range range, Predicate<ScoredImage> which) {
        return shares(measure.values(outcome.test(), which), range, BINS);
    }

    /** Percentages of the values in even bins; what lies outside counts in the outermost. */
    private static double[] shares(double[] values, Range range, int bins) {
        double[] shares = new double[bins];
        for (double value : values) {
            double place = (range.clip(value) - range.low()) / (range.high() - range.low());
            shares[(int) Math.min(bins - 1, place * bins)] += 100.0 / values.length;
        }
        return shares;
    }

    private static double highest(double[] values) {
        return Arrays.stream(values).max().orElse(1);
    }

    /** How even the p-values of normal images are. */
    String pValues() {
        double[] values = outcome.test().stream()
                .filter(image -> !image.isAnomalous())
                .mapToDouble(image -> image.score().pValue())
                .toArray();
        double[] shares = shares(values, new Range(0, 1), 20);
        double most = Math.max(10, highest(shares));
        Chart chart = new Chart(new Range(0, 1), "p-value", new Range(0, most).withHeadroom())
                .columns("s0", shares)
                .level(5);
        return figure(
                "Honesty of the p-value",
                chart.svg("histogram of p-values"),
                "Share of the test's normal images, %. All columns at the dashed line would be perfectly calibrated.",
                List.of());
    }

    /** The main score while the stream flowed. */
    String stream() {
        List<ScoredImage> scores = outcome.history().scores();
        int size = Math.max(100, (scores.size() + POINTS - 1) / POINTS);
        int buckets = (scores.size() + size - 1) / size;
        double[] xs = new double[buckets];
        double[] medians = new double[buckets];
        double[] highs = new double[buckets];
        double[] flagged = new double[buckets];
        for (int i = 0; i < buckets; i++) {
            List<ScoredImage> bucket = scores.subList(i * size, Math.min(scores.size(), (i + 1) * size));
            double[] sorted =
                    bucket.stream().mapToDouble(Measure.SCORE::of).sorted().toArray();
            xs[i] = i * (double) size + bucket.size();
            medians[i] = sorted[sorted.length / 2];
            highs[i] = sorted[(int) (0.99 * sorted.length)];
            long count =
                    bucket.stream().filter(image -> image.score().anomaly()).count();
            flagged[i] = 100.0 * count / bucket.size();
        }
        Range records = new Range(0, Math.max(1, scores.size()));
        double[] both = Arrays.copyOf(medians, 2 * buckets);
        System.arraycopy(highs, 0, both, buckets, buckets);
        double alpha = 100 * outcome.plan().learner().anomaly().alpha();
        Chart score = new Chart(records, "images", Range.ofMost(both).withHeadroom())
                .line("s0", xs, medians)
                .line("s1", xs, highs);
        Chart alarms = new Chart(
                        records,
                        "images",
                        Range.of(Math.max(highest(flagged), 2 * alpha)).fromZero())
                .line("s1", xs, flagged)
                .level(alpha);
        int warm = warmUp(scores);
        if (warm > 0 && warm < scores.size()) {
            score.mark("mark", warm);
            alarms.mark("mark", warm);
        }
        int batch = outcome.plan().learner().batchSize();
        for (StepReport report : outcome.history().reports()) {
            if (report.driftAlarms() > 0) {
                score.mark("alarm", (double) report.step() * batch);
                alarms.mark("alarm", (double) report.step() * batch);
            }
        }
        return figure(
                        "Score over the stream",
                        score.svg("main score over the stream"),
                        "Each image before it was trained on; warming up until the dotted mark.",
                        List.of("s0 median", "s1 99th percentile"))
                + figure(
                        "Alarms over the stream",
                        alarms.svg("share of flagged images over the stream"),
                        "Share of images flagged, %; dashed is anomaly.alpha. Drift alarms stand as full vertical lines, "
                                + outcome.figures().driftAlarms() + " in all.",
                        List.of());
    }

    private static int warmUp(List<ScoredImage> scores) {
        int last = scores.size();
        while (last > 0 && !scores.get(last - 1).score().warming()) {
            last--;
        }
        return last;
    }

    /** Losses of both models over the steps. */
    String losses() {
        List<StepReport> reports = outcome.history().reports();
        if (reports.isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder();
        html.append(curves(
                "VAE's loss",
                "Nats per image, of the images being learned; the KL term comes in over the first updates.",
                List.of("s0 loss", "s2 reconstruction", "s3 KL"),
                StepReport::vaeLoss,
                StepReport::vaeReconstruction,
                StepReport::vaeKl));
        if (outcome.plan().learner().gan().train()) {
            html.append(curves(
                    "GAN's losses",
                    "Neither falls for ever: each is as good as its opponent lets it be.",
                    List.of("s0 generator", "s1 discriminator"),
                    StepReport::generatorLoss,
                    StepReport::discriminatorLoss));
            html.append(curves(
                    "Discriminator's accuracy",
                    "Share of logits on the right side of 0, and of pairs in the right order: that is what counts under a"
                            + " relativistic loss.",
                    List.of("s0 on images", "s1 on samples", "s2 in pairs"),
                    StepReport::realAccuracy,
                    StepReport::fakeAccuracy,
                    StepReport::pairAccuracy));
        }
        return html.toString();
    }

    @SafeVarargs
    private String curves(String title, String note, List<String> legend, ToDoubleFunction<StepReport>... figures) {
        List<StepReport> reports = outcome.history().reports();
        int size = (reports.size() + POINTS - 1) / POINTS;
        int buckets = (reports.size() + size - 1) / size;
        double[] xs = new double[buckets];
        double[][] ys = new double[figures.length][buckets];
        for (int i = 0; i < buckets; i++) {
            List<StepReport> bucket = reports.subList(i * size, Math.min(reports.size(), (i + 1) * size));
            xs[i] = bucket.get(bucket.size() - 1).step();
            for (int j = 0; j < figures.length; j++) {
                ys[j][i] = bucket.stream().mapToDouble(figures[j]).average().orElse(Double.NaN);
            }
        }
        double[] all = Arrays.stream(ys).flatMapToDouble(Arrays::stream).toArray();
        Chart chart = new Chart(
                Range.of(xs).fromZero(), "steps", Range.ofMost(all).fromZero().withHeadroom());
        for (int j = 0; j < figures.length; j++) {
            String entry = legend.get(j);
            chart.line(entry.substring(0, entry.indexOf(' ')), xs, ys[j]);
        }
        return figure(title, chart.svg(title), note, legend);
    }

    private static double[] values(List<Roc.Point> points, ToDoubleFunction<Roc.Point> value) {
        return points.stream().mapToDouble(value).toArray();
    }
}
