package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.SnapshotHeader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a partition that is handed over, replayed, changed or asked for a snapshot. */
class PartitionLearnerTest extends OnePartition {

    /**
     * Nobody fences off the stalled one: it takes in what it had polled, ticking first or not, and what it writes is in
     * the store that the successor finds.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStalledInstanceWhosePartitionWasTakenAndGivenBackLearnsNothingTwice(boolean tickFirst) {
        guarantee = StreamsConfig.AT_LEAST_ONCE;
        run();
        PartitionLearner stalled = start();
        Learner stalledModel = model();
        long polled = log.end();

        PartitionLearner taker = start();
        feed(taker, 30);
        rest(taker);
        taker.close();

        if (tickFirst) {
            stalled.tick();
        }
        give(stalled, polled, polled + 10);
        rest(stalled);
        assertEquals(reference.digest(stalledModel.step()), stalledModel.weightsSha256());
        stop(stalled);

        PartitionLearner again = start();
        feed(again, 10);
        rest(again);
        assertEquals(reference.steps(), model().step());
        assertEquals(reference.digest(reference.steps()), model().weightsSha256());
        assertEquals(reference.scores().keySet(), values.keySet());
        values.forEach((offset, all) -> assertEquals(
                Set.of(Objects.requireNonNull(reference.scores().get(offset))), all, "scores of " + offset));
        assertEquals(List.of("began at offset 0"), newest().lineage());
        stop(again);
    }

    @Test
    void whileTheSourceCannotBeAskedRecordsAreOwedAndThenCaughtUpWith() {
        run();
        log.failures(10);
        PartitionLearner learner = start();
        feed(learner, 50);
        assertEquals(0, model().step());
        assertEquals(PartitionLearner.Phase.STARTING, learner.phase());
        assertTrue(learner.isBusy());
        log.failures(0);
        rest(learner);
        assertEquals(PartitionLearner.Phase.TRAINING, learner.phase());
        assertAsIfNothingHadHappened();
        stop(learner);
    }

    @Test
    void aReplayGoesOnInSlicesWhileRecordsComeAndThenIsLive() {
        run();
        clockStep = 60; // a slice is two readings of the clock
        PartitionLearner learner = start();
        feed(learner, 1);
        assertEquals(PartitionLearner.Phase.REPLAYING, learner.phase());
        feed(learner, 40);
        assertEquals(PartitionLearner.Phase.TRAINING, learner.phase());
        rest(learner);
        assertAsIfNothingHadHappened();
        stop(learner);
    }

    @Test
    void aChangedRateIsFollowedAtOnceByASnapshotThatSaysSo() {
        run();
        LearnerConfig config = Tiny.learner(1);
        AnomalyConfig a = config.anomaly();
        LearnerConfig changed = new LearnerConfig(
                config.seed(),
                config.geometry(),
                config.batchSize(),
                config.maxDiscardedUpdates(),
                config.vae(),
                config.gan(),
                new AnomalyConfig(
                        0.1,
                        a.window(),
                        a.referenceWindow(),
                        a.refreshSteps(),
                        a.shrinkage(),
                        a.robust(),
                        a.neighbours(),
                        a.gate(),
                        a.gateQuantile(),
                        a.driftRunLength()));
        long before = newest().generation();
        PartitionLearner learner = start(changed);
        learner.tick();
        assertTrue(newest().generation() > before);
        assertEquals("0.1", newest().configuration().values().get("anomaly.alpha"));
        assertTrue(newest().lineage().toString().contains("anomaly.alpha 0.2 -> 0.1"));
        stop(learner);
    }

    @Test
    void aSlowStreamIsSnapshotWhenItIsDueAndOnceMoreWhenItRests() {
        PartitionLearner learner = start();
        for (int i = 0; i < 7 * Tiny.BATCH + 1; i++) {
            clock += Tiny.settings(Tiny.learner(1), Map.of()).snapshotIdleMillis() / 2;
            learner.tick();
            feed(learner, 1);
        }
        assertEquals(5, newest().step());
        rest(learner);
        assertEquals(7, newest().step());
        stop(learner);
    }

    @Test
    void aPartitionWithoutARecordHasNothingToFinish() {
        PartitionLearner learner = start();
        assertTrue(learner.isBusy());
        learner.tick();
        assertFalse(learner.isBusy());
        assertTrue(learner.requestSnapshot().isDone());
        stop(learner);
    }

    @Test
    void aRequestedSnapshotHoldsAllStepsAndTheHalfBatchStaysInTheLog() {
        PartitionLearner learner = start();
        feed(learner, 7 * Tiny.BATCH + 3);
        CompletableFuture<Void> request = learner.requestSnapshot();
        assertFalse(request.isDone());
        learner.tick();
        assertTrue(request.isDone());
        assertEquals(7, newest().step());
        assertEquals(7L * Tiny.BATCH, newest().nextOffset());
        assertEquals(7 * Tiny.BATCH + 3, scored.size());
        assertTrue(learner.requestSnapshot().isDone(), "nothing is left to do");
        feed(learner, Tiny.BATCH);
        assertFalse(learner.requestSnapshot().isDone(), "there is something to do again");
        stop(learner);
    }

    @Test
    void withNothingCommittedAndNothingToReadItWaitsWithoutTicking() {
        PartitionLearner learner = start();
        learner.tick();
        assertFalse(learner.isBusy());
        feed(learner, Tiny.BATCH);
        assertEquals(1, model().step());
        stop(learner);
    }

    @Test
    void aPartitionWithoutSnapshotBeginsWithTheModelThatItIsGivenAndSaysSo() {
        LearnerConfig other = Tiny.learner(77);
        String inherited;
        try (Learner parent = new Learner(other, 5);
                Learner expected = new Learner(Tiny.learner(1), 0)) {
            SplittableRandom images = new SplittableRandom(9);
            while (parent.step() < 60) {
                parent.add(Tiny.image(images));
                if (parent.isFull()) {
                    parent.train();
                }
            }
            inherited = parent.weightsSha256();
            ModelVersion version = ModelVersion.of(
                    new SnapshotHeader(
                            "line-4",
                            5,
                            3,
                            60,
                            240,
                            1_700_000_000_000L,
                            "Eddy 0.0.9",
                            inherited,
                            1.5,
                            Fingerprint.of(other),
                            List.of("began at offset 17")),
                    parent);
            version.adopt(expected);
            parents = Models.always(version);
            PartitionLearner learner = start();
            for (int i = 0; i < 3 * Tiny.BATCH; i++) {
                long offset = log.end();
                expected.add(append());
                if (expected.isFull()) {
                    expected.train();
                }
                give(learner, offset, offset + 1);
                if (i == 0) {
                    assertEquals(inherited, newest().sha256()); // followed at once by a snapshot
                    assertEquals(60, newest().step());
                    assertEquals(0, newest().nextOffset());
                }
            }
            log.commit(log.end());
            assertEquals(63, model().step());
            assertEquals(expected.weightsSha256(), model().weightsSha256());
            assertNotEquals(inherited, model().weightsSha256());
            stop(learner);
            parents = Models.NONE;
            PartitionLearner successor = start();
            rest(successor);
            assertEquals(expected.weightsSha256(), model().weightsSha256());
            stop(successor);
        }
        assertEquals(
                List.of(
                        "began at offset 17",
                        "began at offset 0 with the model of line-4-5, step 60, SHA-256 " + inherited
                                + ", made 2023-11-14T22:13:20Z by Eddy 0.0.9; taken over by test"),
                newest().lineage());
    }

    @Test
    void aPartitionWithASnapshotGoesOnWithIt() {
        run();
        parents = partition -> {
            throw new AssertionError("asked for a model");
        };
        PartitionLearner learner = start();
        rest(learner);
        assertEquals(reference.digest(STEPS), model().weightsSha256());
        stop(learner);
    }
}
