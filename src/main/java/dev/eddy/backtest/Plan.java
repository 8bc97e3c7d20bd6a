package dev.eddy.backtest;

import dev.eddy.learn.LearnerConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a backtest does.
 *
 * @param learner configuration of the fold
 * @param stream images to learn from, in this order
 * @param labelled images with labels for the classifier that judges samples; with fewer than two labels samples are
 *     compared in the features of the VAE's encoder
 * @param test images to score with the model as it stands at the end of the stream
 * @param normalLabels labels that count as normal, for selection and figures only; empty if nobody knows
 * @param judgeSamples whether to compare generated samples with images, which takes seconds
 */
public record Plan(
        LearnerConfig learner,
        LabelledImages stream,
        LabelledImages labelled,
        LabelledImages test,
        Set<Integer> normalLabels,
        boolean judgeSamples) {

    public Plan {
        normalLabels = Set.copyOf(normalLabels);
    }

    /** Learns from those images of {@code train} that have a normal label; from all where that is unknown. */
    public static Plan of(LearnerConfig learner, LabelledImages train, LabelledImages test, Set<Integer> normalLabels) {
        boolean select = train.hasLabels() && !normalLabels.isEmpty();
        LabelledImages stream = select ? train.withLabels(normalLabels) : train;
        return new Plan(learner, stream, train, test, normalLabels, true);
    }

    /** The same without a judgement of samples. */
    public Plan scoresOnly() {
        return new Plan(learner, stream, labelled, test, normalLabels, false);
    }

    /** Whether an image of this label is normal; null if nobody knows. */
    @Nullable
    Boolean isNormal(@Nullable Integer label) {
        return (label == null || normalLabels.isEmpty()) ? null : normalLabels.contains(label);
    }

    /** Test images that are normal; all where nobody knows. */
    LabelledImages normalTest() {
        return (test.hasLabels() && !normalLabels.isEmpty()) ? test.withLabels(normalLabels) : test;
    }
}
