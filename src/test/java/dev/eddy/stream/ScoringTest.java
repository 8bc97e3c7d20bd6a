package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partition that only scores, with published models. */
class ScoringTest {

    /** A score, and the step of the model that was said to give it. */
    private record Scored(Score score, long modelStep) {}

    private final Telemetry telemetry = new Telemetry("test");
    private final StartedLearner started = new StartedLearner(telemetry);
    private final MemoryLog log = new MemoryLog();
    private final DurableStore store = new DurableStore();
    private final SplittableRandom random = new SplittableRandom(3);
    private final Map<Long, ModelVersion> versions = new LinkedHashMap<>(); // by step
    private final AtomicReference<@Nullable ModelVersion> newest = new AtomicReference<>();
    private final List<Map.Entry<Long, Scored>> scored = new ArrayList<>(); // by offset
    private final Learner judge = new Learner(Tiny.learner(5), 3);
    private long clock = 1_000_000;

    @BeforeEach
    void train() {
        try (Learner learner = new Learner(Tiny.learner(1), 0)) {
            while (learner.step() < 120) {
                learner.add(Tiny.image(random));
                if (learner.isFull()) {
                    learner.train();
                    if (learner.step() % 10 == 0) {
                        versions.put(learner.step(), version(learner));
                    }
                }
            }
        }
    }

    private static ModelVersion version(Learner learner) {
        return ModelVersion.of(
                new SnapshotHeader(
                        "images",
                        0,
                        learner.step(),
                        learner.step(),
                        0,
                        learner.step(),
                        "test",
                        learner.weightsSha256(),
                        1.5,
                        Fingerprint.of(learner.config()),
                        List.of()),
                learner);
    }

    @AfterEach
    void close() {
        judge.close();
        telemetry.close();
    }

    private PartitionLearner start() {
        return started.start(
                Tiny.settings(Tiny.learner(99), Map.of("application.id", "test"))
                        .scoring(),
                0,
                store.open(),
                log.connect(new SplittableRandom(4)),
                new Scores(),
                partition -> Optional.ofNullable(newest.get()),
                () -> ++clock);
    }

    private void stop(PartitionLearner learner) {
        started.end(learner);
    }

    private void publish(long step) {
        newest.set(Objects.requireNonNull(versions.get(step)));
    }

    private void give(PartitionLearner learner, long offset) {
        learner.process(MemoryLog.image(log.from(offset, 1).get(0)).orElseThrow());
    }

    /** Versions come, instances crash and hand over at random; in the end each image has one score of one version. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyImageHasOneScoreByTheVersionThatItNames(long seed) {
        SplittableRandom events = new SplittableRandom(seed);
        publish(60);
        PartitionLearner learner = start();
        long next = 0;
        long committed = 0;
        int committedScores = 0;
        for (int i = 0; i < 300; i++) {
            switch (events.nextInt(12)) {
                case 0 -> publish(60 + 10L * events.nextInt(7));
                case 1 -> { // a commit
                    store.commit();
                    committed = next;
                    log.commit(next);
                    committedScores = scored.size();
                    learner.committed();
                }
                case 2 -> { // a crash
                    if (events.nextInt(4) == 0) {
                        stop(learner);
                        store.crash(0);
                        scored.subList(committedScores, scored.size()).clear();
                        next = committed;
                        learner = start();
                    }
                }
                case 3 -> {
                    clock += 200;
                    learner.tick();
                }
                default -> {
                    log.append(Tiny.image(random));
                    for (; next < log.end(); next++) {
                        give(learner, next);
                    }
                }
            }
        }
        for (int i = 0; learner.isBusy(); i++) {
            assertTrue(i < 1000, "never comes to rest");
            clock += 500;
            learner.tick();
        }
        stop(learner);
        assertEquals(
                LongStream.range(0, log.end()).boxed().toList(),
                scored.stream().map(Map.Entry::getKey).sorted().toList());
        for (Map.Entry<Long, Scored> one : scored) {
            Score score = one.getValue().score;
            assertEquals(one.getValue().modelStep, score.step());
            assertEquals(expected(score.step(), one.getKey()), score.score(), 1e-4, one.toString());
        }
        assertTrue(
                scored.stream().map(one -> one.getValue().modelStep).distinct().count() > 1, "one version throughout");
    }

    private double expected(long step, long offset) {
        Objects.requireNonNull(versions.get(step)).adopt(judge);
        judge.add(Objects.requireNonNull(log.from(offset, 1).get(0).value()));
        return judge.score(0).score();
    }

    @Test
    void nothingIsTrainedOrKept() {
        publish(100);
        PartitionLearner learner = start();
        for (int i = 0; i < 10 * Tiny.BATCH; i++) {
            log.append(Tiny.image(random));
            give(learner, i);
        }
        assertEquals(10 * Tiny.BATCH, scored.size());
        assertTrue(scored.stream().allMatch(one -> one.getValue().score.step() == 100));
        assertFalse(learner.isBusy());
        assertTrue(store.open().get("slot-0/manifest") == null && store.open().get("slot-1/manifest") == null);
        stop(learner);
    }

    @Test
    void aVersionOfAnotherShapeIsPassedOver() {
        publish(100);
        PartitionLearner learner = start();
        log.append(Tiny.image(random));
        give(learner, 0);
        clock += 200;
        learner.tick();
        try (Learner other = new Learner(Tiny.wider(), 0)) {
            newest.set(version(other));
        }
        log.append(Tiny.image(random));
        give(learner, 1);
        clock += 200;
        learner.tick();
        assertEquals(100, scored.get(1).getValue().score.step());
        stop(learner);
        PartitionLearner fresh = start();
        log.append(Tiny.image(random));
        assertThrows(IncompatibleSnapshotException.class, () -> give(fresh, 2));
        stop(fresh);
    }

    private final class Scores extends NoOutput {

        private long modelStep = -1;

        @Override
        public void switched(SnapshotHeader model) {
            modelStep = model.step();
        }

        @Override
        public void score(PendingImage image, Score score) {
            scored.add(Map.entry(image.offset(), new Scored(score, modelStep)));
        }

        @Override
        public void samples(SampleKind kind, long step, float[][] images) {
            throw new AssertionError("samples");
        }

        @Override
        public void model(String key, byte @Nullable [] value) {
            throw new AssertionError("a model");
        }
    }
}
