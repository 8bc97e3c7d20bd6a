package dev.eddy.cli;

import dev.eddy.backtest.Figures;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures of a backtest for people: a line for each that can be said. */
final class BacktestTable {

    private final StringBuilder text = new StringBuilder();

    private BacktestTable() {}

    static String of(Figures figures) {
        BacktestTable table = new BacktestTable();
        table.fill(figures);
        return table.text.toString().stripTrailing();
    }

    private void fill(Figures f) {
        line(
                "images learned",
                "%,.0f in %,d steps, %,.0f a second",
                (double) f.records(),
                f.steps(),
                f.recordsPerSecond());
        line("images scored", "%,.0f, %,.0f a second", (double) f.testRecords(), f.testRecordsPerSecond());
        line("AUROC, main score", "%.4f", f.auroc().main());
        line("  reconstruction error", "%.4f", f.auroc().reconstructionError());
        line("  RaPP", "%.4f", f.auroc().rapp());
        line("  KL", "%.4f", f.auroc().kl());
        line("  raw cross-entropy", "%.4f", f.auroc().crossEntropy());
        line("AUROC over the stream", "%.4f", f.streamAuroc().main());
        line("false alarms, test", "%.2f %%", percent(f.falsePositiveRate()));
        line("false alarms, stream", "%.2f %%", percent(f.streamFalsePositiveRate()));
        line("anomalies flagged", "%.1f %%", percent(f.detectionRate()));
        line("drift alarms", "%.0f", (double) f.driftAlarms());
        line("VAE loss, last step", "%.2f nats per image", f.vaeLoss());
        line("  reconstruction", "%.2f", f.vaeReconstruction());
        line("  KL", "%.2f", f.vaeKl());
        line("GAN loss, generator", "%.3f", f.generatorLoss());
        line("  discriminator", "%.3f", f.discriminatorLoss());
        line("negative ELBO", "%.2f nats per normal test image", f.testNegativeElbo());
        Figures.FrechetDistance distance = f.frechetDistance();
        line("Fréchet distance, GAN", "%.2f", distance.gan());
        line("  VAE", "%.2f", distance.vae());
        line("  floor (train to test)", "%.2f", distance.floor());
        line("  one picture", "%.2f", distance.collapsed());
        if (distance.features() != null) {
            text.append(String.format(Locale.ROOT, "%-26s %s\n", "  in the features of", distance.features()));
        }
        line("covered by the GAN", "%.1f %%", percent(f.coverage().gan()));
        line("  by the VAE", "%.1f %%", percent(f.coverage().vae()));
        line("  by images", "%.1f %%", percent(f.coverage().ceiling()));
        line("seconds", "%.1f", f.seconds());
        text.append(String.format(Locale.ROOT, "%-26s %d", "seed", f.seed()));
    }

    private void line(String name, String pattern, @Nullable Double value, Object... more) {
        if (value != null) {
            Object[] values = new Object[more.length + 1];
            values[0] = value;
            System.arraycopy(more, 0, values, 1, more.length);
            text.append(String.format(Locale.ROOT, "%-26s ", name))
                    .append(String.format(Locale.ROOT, pattern, values))
                    .append('\n');
        }
    }

    private static @Nullable Double percent(@Nullable Double share) {
        return share == null ? null : Double.valueOf(100 * share);
    }
}
