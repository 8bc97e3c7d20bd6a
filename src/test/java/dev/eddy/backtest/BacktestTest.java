package dev.eddy.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BacktestTest {

    private static final LabelledImages TRAIN = Bars.images(1, 4010, 0, 1);
    private static final LabelledImages TEST = Bars.images(2, 403, 0, 1);

    private static Outcome run(long seed, Set<Integer> normal) {
        return Backtest.run(Plan.of(Bars.learner(seed, true), TRAIN, TEST, normal), Progress.NONE);
    }

    @Test
    void onlyNormalImagesAreLearnedAndTheOthersStandOut() {
        Outcome outcome = run(1, Set.of(0));
        Figures figures = outcome.figures();
        assertEquals(2005, figures.records());
        assertEquals(2005 / 16, figures.steps());
        assertEquals(figures.steps() * 2, figures.vaeUpdates() + figures.discardedUpdates());
        assertEquals(figures.steps(), figures.ganUpdates());
        assertEquals(403, figures.testRecords());
        assertEquals(403, outcome.test().size());
        assertTrue(outcome.history().scores().stream()
                .allMatch(image -> Integer.valueOf(0).equals(image.label())));
        assertOver(0.95, figures.auroc().main());
        assertEquals(figures.auroc().score(), figures.auroc().main());
        assertNull(figures.streamAuroc().main());
        assertOver(0.5, figures.detectionRate());
        assertNotNull(figures.falsePositiveRate());
        assertNotNull(figures.detectionRate());
        long normal = outcome.test().stream().filter(ScoredImage::isNormal).count();
        assertEquals(flagged(outcome.test()), figures.testFlagged());
        assertEquals(
                figures.testFlagged(),
                Math.round(figures.falsePositiveRate() * normal + figures.detectionRate() * (403 - normal)));
        assertEquals(flagged(outcome.history().scores()), figures.flagged());
        assertEquals((double) figures.flagged() / (2005 - figures.warming()), figures.streamFalsePositiveRate());
    }

    @Test
    void itIsTheLearnerOfProduction() {
        Outcome outcome = run(1, Set.of(0));
        LabelledImages stream = TRAIN.withLabels(Set.of(0));
        try (Learner learner = new Learner(Bars.learner(1, true), 0)) {
            List<Score> scores = new ArrayList<>();
            for (byte[] image : stream.images()) {
                scores.add(learner.score(learner.add(image)));
                if (learner.isFull()) {
                    learner.train();
                }
            }
            assertEquals(
                    scores,
                    outcome.history().scores().stream().map(ScoredImage::score).toList());
            assertEquals(learner.weightsSha256(), outcome.figures().weightsSha256());
        }
    }

    @Test
    void samplesAreJudgedAgainstImagesAndWhatBoundsThem() {
        Figures figures = run(1, Set.of()).figures();
        Figures.FrechetDistance distance = figures.frechetDistance();
        assertEquals("classifier", distance.features());
        assertNotNull(distance.floor());
        assertNotNull(distance.gan());
        assertOver(distance.floor(), distance.vae());
        assertOver(distance.vae(), distance.collapsed());
        assertOver(0.9, figures.coverage().ceiling());
        assertEquals(2, figures.modes().of());
        assertOver(0.95, figures.modes().accuracy());
        assertNull(figures.auroc().main());
        assertNull(figures.detectionRate());
    }

    @Test
    void withoutLabelsSamplesAreComparedInTheEncoder() {
        LabelledImages train = new LabelledImages(TRAIN.geometry(), TRAIN.images(), List.of());
        LabelledImages test = new LabelledImages(TEST.geometry(), TEST.images(), List.of());
        Figures figures = Backtest.run(Plan.of(Bars.learner(1, false), train, test, Set.of()), Progress.NONE)
                .figures();
        assertEquals("encoder", figures.frechetDistance().features());
        assertOver(figures.frechetDistance().floor(), figures.frechetDistance().vae());
        assertNull(figures.frechetDistance().gan());
        assertNull(figures.modes().of());
        assertEquals(4010, figures.records());
        assertNull(figures.auroc().main());
        assertOver(0.0, figures.testNegativeElbo());
    }

    @Test
    void theSeedDecidesAllFiguresButTheRates() {
        Figures one = run(7, Set.of(0)).figures();
        Figures same = run(7, Set.of(0)).figures();
        Figures other = run(8, Set.of(0)).figures();
        assertEquals(withoutRates(one), withoutRates(same));
        assertNotEquals(one.testNegativeElbo(), other.testNegativeElbo());
        assertNotEquals(one.weightsSha256(), other.weightsSha256());
    }

    @Test
    void anInterruptEndsItAfterTheMicroBatchInHand() {
        List<String> told = new ArrayList<>();
        Plan plan = Plan.of(Bars.learner(1, true), TRAIN, TEST, Set.of(0));
        assertThrows(
                CancellationException.class,
                () -> Backtest.run(plan, (task, done, all) -> {
                    told.add(task + " " + done);
                    Thread.currentThread().interrupt();
                }));
        assertEquals(List.of("learning 16"), told);
        assertFalse(Thread.interrupted());
    }

    private static long flagged(List<ScoredImage> images) {
        return images.stream().filter(image -> image.score().anomaly()).count();
    }

    private static void assertOver(@Nullable Double bound, @Nullable Double value) {
        assertNotNull(bound);
        assertNotNull(value);
        assertTrue(value > bound, value + " is not over " + bound);
    }

    private static String withoutRates(Figures figures) {
        String all = figures.toString();
        int from = all.indexOf("recordsPerSecond");
        return all.substring(0, from) + all.substring(all.indexOf("weightsSha256"));
    }

    @Test
    void aStreamShorterThanAMicroBatchIsScoredByTheInitialModel() {
        Plan plan = Plan.of(Bars.learner(1, true), Bars.images(1, 5, 0, 1), Bars.images(2, 3, 0, 1), Set.of(0));
        Outcome outcome = Backtest.run(plan, Progress.NONE);
        assertEquals(3, outcome.figures().records());
        assertEquals(0, outcome.figures().steps());
        assertNotNull(outcome.figures().auroc().main());
        assertEquals(3, outcome.test().size());
    }

    @Test
    void aContaminatedStreamIsJudgedOnceItHasBegun() {
        LabelledImages mixed = Bars.images(3, 4000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        Plan plan = new Plan(Bars.learner(1, false), mixed, mixed, TEST, Set.of(0), false);
        Figures figures = Backtest.run(plan, Progress.NONE).figures();
        assertEquals(4000, figures.records());
        assertOver(0.8, figures.streamAuroc().main());
        assertNull(figures.frechetDistance().floor());
    }
}
