package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import dev.eddy.sync.Contribution;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a partition after damage, loss and change. */
class PartitionLearnerTest {

    private static final int STEPS = 23; // snapshots are due at 5, 10, 15 and 20

    private final Telemetry telemetry = new Telemetry("test");
    private final MemoryLog log = new MemoryLog();
    private final DurableStore store = new DurableStore();
    private final SplittableRandom random = new SplittableRandom(3);
    private final Reference reference = new Reference(Tiny.learner(1), 0);
    private final List<Long> scored = new ArrayList<>();
    private final Map<Long, Set<Score>> values = new TreeMap<>();
    private Models parents = Models.NONE;
    private String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
    private long clock = 1_000_000;
    private int clockStep = 1;
    private @Nullable Learner model;
    private @Nullable PartitionMeters meters;

    @AfterEach
    void close() {
        reference.close();
        telemetry.close();
    }

    private PartitionLearner start(LearnerConfig config) {
        Learner fresh = new Learner(config, 0);
        PartitionMeters opened = telemetry.partition("images", 0);
        model = fresh;
        meters = opened;
        return new PartitionLearner(
                Tiny.settings(config, Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee)),
                0,
                fresh,
                store.open(),
                log.connect(new SplittableRandom(4)),
                new Scores(),
                parents,
                opened,
                () -> clock += clockStep);
    }

    private PartitionLearner start() {
        return start(Tiny.learner(1));
    }

    private Learner model() {
        return Objects.requireNonNull(model);
    }

    private byte[] append() {
        byte[] pixels = Tiny.image(random);
        log.append(pixels);
        return pixels;
    }

    /** Appends images and hands them to the learner. */
    private void feed(PartitionLearner learner, int images) {
        for (int i = 0; i < images; i++) {
            long offset = log.end();
            byte[] pixels = append();
            reference.add(offset, pixels);
            give(learner, offset);
        }
        log.commit(log.end());
    }

    private void give(PartitionLearner learner, long offset) {
        SourceRecord record = log.from(offset, 1).get(0);
        learner.process(new PendingImage(
                record.offset(),
                record.timestamp(),
                record.key(),
                record.headers(),
                Objects.requireNonNull(record.value())));
    }

    private void stop(PartitionLearner learner) {
        store.commit();
        learner.close();
        telemetry.close(Objects.requireNonNull(meters));
    }

    private void rest(PartitionLearner learner) {
        for (int i = 0; learner.isBusy(); i++) {
            assertTrue(i < 1000, "never comes to rest");
            clock += 500;
            learner.tick();
            learner.committed();
        }
    }

    /** A run of {@link #STEPS} steps and a half batch, stopped without a last snapshot. */
    private void run() {
        PartitionLearner learner = start();
        feed(learner, STEPS * Tiny.BATCH + 2);
        stop(learner);
    }

    private void damage(String key) {
        ByteStore open = store.open();
        byte[] damaged = Objects.requireNonNull(open.get(key)).clone();
        damaged[0] ^= 1;
        open.put(key, damaged);
        store.commit();
    }

    private void assertAsIfNothingHadHappened() {
        assertEquals(reference.steps(), model().step());
        assertEquals(reference.digest(reference.steps()), model().weightsSha256());
        assertEquals(List.copyOf(reference.scores().keySet()), scored);
    }

    private void assertMeter(String line) {
        assertTrue(telemetry.scrape().contains(line), () -> line + " is not in\n" + telemetry.scrape());
    }

    private SnapshotHeader newest() {
        return new SnapshotStore(store.open(), 256).newest().orElseThrow();
    }

    @Test
    void aDamagedSnapshotFallsBackToTheOlderOne() {
        run();
        damage("slot-1/00003"); // steps 5, 10, 15, 20 lie in slots 0, 1, 0, 1
        PartitionLearner learner = start();
        feed(learner, 10);
        rest(learner);
        assertAsIfNothingHadHappened();
        assertMeter("eddy_snapshots_corrupt_total{partition=\"0\",topic=\"images\"} 1.0");
        assertMeter("eddy_restores_total{outcome=\"older_slot\",partition=\"0\",topic=\"images\"} 1.0");
        stop(learner);
    }

    @Test
    void withoutAUsableSnapshotItBeginsAnewAndOwesNoScore() {
        run();
        damage("slot-0/00000");
        damage("slot-1/manifest");
        PartitionLearner learner = start();
        feed(learner, 3 * Tiny.BATCH);
        assertEquals(3, model().step());
        assertNotEquals(reference.digest(reference.steps()), model().weightsSha256());
        rest(learner);
        assertEquals(List.copyOf(reference.scores().keySet()), scored);
        assertMeter("eddy_restores_total{outcome=\"fresh\",partition=\"0\",topic=\"images\"} 2.0");
        String weights = model().weightsSha256();
        stop(learner);

        PartitionLearner successor = start();
        rest(successor);
        assertEquals(weights, model().weightsSha256(), "the new beginning is a fold of its own");
        stop(successor);
    }

    @Test
    void recordsThatTheSourceNoLongerHasAreCountedAndTheSnapshotGoesOn() {
        run();
        log.retainFrom(21L * Tiny.BATCH);
        PartitionLearner learner = start();
        rest(learner);
        assertEquals(22, model().step()); // 20 from the snapshot, and two of the batches after the gap
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} 4.0");
        assertTrue(newest().lineage().toString().contains("4 offsets after 80"), newest().lineage()::toString);
        assertEquals(List.copyOf(reference.scores().keySet()), scored);
        stop(learner);
    }

    @Test
    void whatRetentionTakesDuringTheReplayIsCountedAsWell() {
        run();
        log.failures(10);
        clockStep = 60; // a slice is two readings of the clock
        PartitionLearner learner = start();
        feed(learner, 100);
        log.failures(0);
        while (learner.phase() == PartitionLearner.Phase.STARTING || model().step() < 22) {
            clock += 1_000;
            learner.tick();
        }
        assertEquals(PartitionLearner.Phase.REPLAYING, learner.phase());
        log.retainFrom(150);
        rest(learner);
        Matcher gap = Pattern.compile("(\\d+) offsets after (\\d+) were gone")
                .matcher(newest().lineage().toString());
        assertTrue(gap.find(), newest().lineage()::toString);
        long lost = Long.parseLong(gap.group(1));
        assertTrue(lost > 0 && lost < 150 - 22 * Tiny.BATCH);
        assertEquals(150, Long.parseLong(gap.group(2)) + lost);
        assertFalse(gap.find(), "counted twice");
        assertMeter("eddy_records_gap_total{partition=\"0\",topic=\"images\"} " + lost + ".0");
        assertEquals((log.end() - lost) / Tiny.BATCH, model().step());
        stop(learner);
    }

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
        for (long offset = polled; offset < polled + 10; offset++) {
            give(stalled, offset);
        }
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSourceThatWasCreatedAnewIsLearnedFrom(boolean tickFirst) {
        run();
        log.recreate();
        for (int i = 0; i < 3 * Tiny.BATCH; i++) {
            append();
        }
        PartitionLearner learner = start();
        if (tickFirst) {
            learner.tick();
        }
        scored.clear();
        for (int i = 0; i < 3 * Tiny.BATCH; i++) {
            give(learner, i);
        }
        assertEquals(23, model().step()); // 20 from the snapshot, whose rest is gone, and three
        assertEquals(3L * Tiny.BATCH, scored.size());
        assertEquals(0, newest().nextOffset());
        String weights = model().weightsSha256();
        log.commit(log.end());
        stop(learner);
        PartitionLearner successor = start();
        rest(successor);
        assertEquals(weights, model().weightsSha256());
        stop(successor);
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
                give(learner, offset);
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

    private final class Scores implements Output {

        @Override
        public void score(PendingImage image, Score score) {
            scored.add(image.offset());
            values.computeIfAbsent(image.offset(), offset -> new HashSet<>()).add(score);
        }

        @Override
        public void anomaly(PendingImage image, Score score, float[] reconstruction) {}

        @Override
        public void samples(SampleKind kind, long step, float[][] images) {}

        @Override
        public long contribution(Contribution contribution) {
            throw new AssertionError("a model of its own contributes to none");
        }

        @Override
        public void model(String key, byte @Nullable [] value) {}

        @Override
        public void ordinary(PendingImage image, float[] reconstruction) {}
    }
}
