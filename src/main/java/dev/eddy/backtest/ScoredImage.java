package dev.eddy.backtest;

import dev.eddy.learn.Score;
import org.jspecify.annotations.Nullable;

/**
 * One image of the stream or of the test with what the model said of it.
 *
 * @param index place in its file's images, after selection, from 0
 * @param label its label, if it has one; the model never sees it
 * @param normal whether it counts as normal; null where nobody knows
 * @param score the score of production
 * @param crossEntropy of the reconstruction, nats: the raw error, with the image's own entropy in it
 */
public record ScoredImage(
        int index, @Nullable Integer label, @Nullable Boolean normal, Score score, double crossEntropy) {

    boolean isNormal() {
        return Boolean.TRUE.equals(normal);
    }

    boolean isAnomalous() {
        return Boolean.FALSE.equals(normal);
    }
}
