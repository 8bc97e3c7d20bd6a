package dev.eddy.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.eddy.backtest.Figures;

/**
 * The figures of a backtest for scripts: the counts of its stream under the names that a {@link DemoSummary} has for
 * them, then all figures. {@code received = scored + deadLettered}.
 *
 * @param received images streamed
 * @param scored images of the stream with a score
 * @param deadLettered none: a file with something that is no image is refused as a whole
 * @param anomalies images of the stream flagged
 * @param vaeSteps updates of the VAE
 * @param ganSteps updates of the GAN
 */
record BacktestSummary(
        long received,
        long scored,
        long deadLettered,
        long anomalies,
        long vaeSteps,
        long ganSteps,
        @JsonUnwrapped Figures figures) {

    static BacktestSummary of(Figures figures) {
        return new BacktestSummary(
                figures.records(),
                figures.records(),
                0,
                figures.flagged(),
                figures.vaeUpdates(),
                figures.ganUpdates(),
                figures);
    }
}
