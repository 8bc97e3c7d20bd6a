package dev.eddy.backtest;

import dev.eddy.learn.StepReport;
import java.util.List;

/**
 * What happened while the stream was learned from.
 *
 * @param scores of every image, by the model as it stood
 * @param reports of every step
 * @param moments what the models generated at a few moments, the last one after the last step
 */
public record History(List<ScoredImage> scores, List<StepReport> reports, List<Moment> moments) {

    public History {
        scores = List.copyOf(scores);
        reports = List.copyOf(reports);
        moments = List.copyOf(moments);
    }

    /**
     * What the models generated at one moment.
     *
     * @param step micro-batches trained on
     * @param records images streamed until then
     * @param vae samples
     * @param gan samples; none if it is not trained
     */
    public record Moment(long step, long records, List<byte[]> vae, List<byte[]> gan) {

        public Moment {
            vae = List.copyOf(vae);
            gan = List.copyOf(gan);
        }
    }
}
