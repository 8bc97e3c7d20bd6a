package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The outputs of a {@link Simulation}, of which a crash leaves a part, checked against the run that never crashes. */
final class Published extends NoOutput {

    private record Scored(long offset, Score score) {}

    private final Reference reference;
    private final boolean exactlyOnce;
    private final List<Scored> scores = new ArrayList<>();
    private final List<String> samples = new ArrayList<>();
    private final Set<Long> scoredOffsets = new HashSet<>();
    private int checkedScores;
    private int committedScores;
    private int committedSamples;

    Published(Reference reference, boolean exactlyOnce) {
        this.reference = reference;
        this.exactlyOnce = exactlyOnce;
    }

    @Override
    public void score(PendingImage image, Score score) {
        scores.add(new Scored(image.offset(), score));
    }

    @Override
    public void anomaly(PendingImage image, Score score, float[] reconstruction) {
        assertTrue(score.anomaly());
    }

    @Override
    public void samples(SampleKind kind, long step, float[][] images) {
        samples.add(kind + " " + step);
    }

    void commit() {
        committedScores = scores.size();
        committedSamples = samples.size();
    }

    /** Scores that are not committed. */
    int uncommitted() {
        return scores.size() - committedScores;
    }

    /** Loses the samples that are not committed, and all but the first {@code kept} of such scores. */
    void crash(int kept) {
        scores.subList(committedScores + kept, scores.size()).clear();
        samples.subList(committedSamples, samples.size()).clear();
        committedScores = scores.size();
        checkedScores = 0;
        scoredOffsets.clear();
    }

    Set<Long> committedOffsets() {
        return scores.subList(0, committedScores).stream().map(Scored::offset).collect(Collectors.toSet());
    }

    void check() {
        for (; checkedScores < scores.size(); checkedScores++) {
            Scored scored = scores.get(checkedScores);
            Score expected = reference.scores().get(scored.offset);
            assertNotNull(expected, "score of offset " + scored.offset + ", which is no valid record");
            assertEquals(expected, scored.score, "score of offset " + scored.offset);
            assertTrue(scoredOffsets.add(scored.offset) || !exactlyOnce, "second score of offset " + scored.offset);
        }
    }

    /** Nothing is missing at the end. */
    void checkAll(int samplesEverySteps) {
        check();
        assertEquals(reference.scores().keySet(), scoredOffsets, "scored offsets");
        if (exactlyOnce) {
            List<String> expected = new ArrayList<>();
            for (long step = samplesEverySteps; step <= reference.steps(); step += samplesEverySteps) {
                expected.add("VAE " + step);
                expected.add("GAN " + step);
            }
            assertEquals(expected, samples, "samples");
        }
    }
}
