package dev.eddy.backtest;

import dev.eddy.image.ErrorMap;
import dev.eddy.image.Geometry;
import dev.eddy.image.ImageGrid;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One page that says what a backtest found, for a person: needs no network and no other file, follows the reader's
 * choice of light or dark and fits a telephone.
 */
final class Report {

    private final Outcome outcome;
    private final ReportCharts charts;
    private final Geometry geometry;
    private final StringBuilder html = new StringBuilder();

    private Report(Outcome outcome) {
        this.outcome = outcome;
        this.charts = new ReportCharts(outcome);
        this.geometry = outcome.plan().learner().geometry();
    }

    static String html(Outcome outcome) {
        Report report = new Report(outcome);
        report.page();
        return report.html.toString();
    }

    private void page() {
        html.append("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>")
                .append("<meta name='viewport' content='width=device-width, initial-scale=1'>")
                .append("<meta name='color-scheme' content='light dark'><title>Eddy backtest</title><style>")
                .append(styleSheet())
                .append("</style></head><body><main>");
        head();
        section("Scores", charts.roc() + charts.histogram(Measure.SCORE) + charts.pValues());
        section("The stream", charts.stream() + charts.losses());
        pictures();
        samples();
        section(
                "Every score",
                charts.histogram(Measure.RECONSTRUCTION_ERROR)
                        + charts.histogram(Measure.RAPP)
                        + charts.histogram(Measure.KL)
                        + charts.histogram(Measure.CROSS_ENTROPY));
        html.append("</main></body></html>\n");
    }

    private static String styleSheet() {
        try (InputStream css = Report.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing from the jar");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("report.css cannot be read from the jar", e);
        }
    }

    private void head() {
        Figures f = outcome.figures();
        html.append("<header><h1>Eddy backtest</h1><p>")
                .append(format(
                        "%,d images of %s learned in one pass, each scored before it was trained on; then %,d scored by"
                                + " the model as it stood. Seed %d.",
                        f.records(), geometry, f.testRecords(), f.seed()))
                .append("</p></header><dl class='tiles'>");
        tile("AUROC", f.auroc().main(), "%.4f", "main score; 1 finds all, 0.5 none");
        tile("False alarms", percent(f.falsePositiveRate()), "%.2f %%", alpha());
        tile("Anomalies flagged", percent(f.detectionRate()), "%.1f %%", "of the test's anomalous images");
        tile("Negative ELBO", f.testNegativeElbo(), "%.1f", "nats per normal test image");
        tile("Fréchet, GAN", f.frechetDistance().gan(), "%.1f", distances());
        tile("Fréchet, VAE", f.frechetDistance().vae(), "%.1f", distances());
        tile("Covered, GAN", percent(f.coverage().gan()), "%.0f %%", "of images have a sample near");
        tile("Covered, VAE", percent(f.coverage().vae()), "%.0f %%", "of images have a sample near");
        tile("Learned", f.recordsPerSecond(), "%,.0f", "images per second");
        html.append("</dl>");
    }

    private String alpha() {
        return format(
                "of normal test images; %.3g %% wanted",
                100 * outcome.plan().learner().anomaly().alpha());
    }

    private String distances() {
        Figures.FrechetDistance distance = outcome.figures().frechetDistance();
        return format("floor %.1f, one picture %.0f", distance.floor(), distance.collapsed());
    }

    private static @Nullable Double percent(@Nullable Double share) {
        return share == null ? null : Double.valueOf(100 * share);
    }

    private void tile(String name, @Nullable Double value, String pattern, String note) {
        if (value != null) {
            html.append("<div><dt>")
                    .append(name)
                    .append("</dt><dd>")
                    .append(format(pattern, value))
                    .append("<small>")
                    .append(Html.escaped(note))
                    .append("</small></dd></div>");
        }
    }

    private void section(String title, String figures) {
        if (!figures.isEmpty()) {
            html.append("<section><h2>").append(title).append("</h2><div class='charts'>");
            html.append(figures).append("</div></section>");
        }
    }

    private void pictures() {
        html.append("<section><h2>Pictures of the test</h2>")
                .append("<p>Each as input, reconstruction, and where they differ.</p>");
        int scale = ImageGrid.viewableScale(geometry);
        for (Outcome.Exhibit exhibit : outcome.exhibits()) {
            html.append("<h3>").append(Html.escaped(exhibit.title())).append("</h3><ul class='pictures'>");
            for (Outcome.Item item : exhibit.items()) {
                byte[] png = ErrorMap.png(geometry, item.pixels(), item.reconstruction(), scale);
                html.append("<li>")
                        .append(Html.picture(png, "image " + item.image().index() + ", reconstruction and difference"))
                        .append("<span>")
                        .append(caption(item.image()))
                        .append("</span></li>");
            }
            html.append("</ul>");
        }
        html.append("</section>");
    }

    private static String caption(ScoredImage image) {
        StringJoiner words = new StringJoiner(" · ");
        words.add(format("<b>%.1f</b>", image.score().score()));
        words.add(format("p %.3f<br>#%d", image.score().pValue(), image.index()));
        if (image.label() != null) {
            words.add("label " + image.label());
        }
        return words.toString();
    }

    private void samples() {
        if (outcome.history().moments().isEmpty()) {
            return;
        }
        html.append("<section><h2>Samples over time</h2>")
                .append("<p>What the models generate of themselves at a few moments of the stream.</p>")
                .append("<ul class='moments'>");
        int scale = Math.max(1, ImageGrid.viewableScale(geometry) / 2);
        for (History.Moment moment : outcome.history().moments()) {
            html.append("<li><h3>After ")
                    .append(format("%,d", moment.records()))
                    .append(" images</h3><div>");
            html.append(Html.picture(ImageGrid.png(geometry, moment.vae(), scale), "samples of the VAE"));
            if (!moment.gan().isEmpty()) {
                html.append(Html.picture(ImageGrid.png(geometry, moment.gan(), scale), "samples of the GAN"));
            }
            html.append("</div><span>")
                    .append(moment.gan().isEmpty() ? "VAE" : "VAE left, GAN right")
                    .append("</span></li>");
        }
        html.append("</ul></section>");
    }

    private static String format(String pattern, @Nullable Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
