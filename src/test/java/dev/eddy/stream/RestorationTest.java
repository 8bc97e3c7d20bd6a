package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Score;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a partition begins when the group's place and the source do not fit together. */
class RestorationTest {

    private static final int STEPS = 23; // the last snapshot is of step 20
    private static final int RECORDS = STEPS * Tiny.BATCH + 2;
    private static final int NEW_RECORDS = 3 * Tiny.BATCH;

    private final Telemetry telemetry = new Telemetry("test");
    private final MemoryLog log = new MemoryLog();
    private final DurableStore store = new DurableStore();
    private final SplittableRandom random = new SplittableRandom(3);
    private final Reference reference = new Reference(Tiny.learner(1), 0);
    private final List<Long> scored = new ArrayList<>();
    private long clock = 1_000_000;
    private @Nullable Learner model;
    private @Nullable PartitionMeters meters;

    @AfterEach
    void close() {
        reference.close();
        telemetry.close();
    }

    private PartitionLearner start() {
        Learner fresh = new Learner(Tiny.learner(1), 0);
        PartitionMeters opened = telemetry.partition("images", 0);
        model = fresh;
        meters = opened;
        return new PartitionLearner(
                Tiny.settings(Tiny.learner(1), Map.of()),
                0,
                fresh,
                store.open(),
                log.connect(new SplittableRandom(4)),
                new NoOutput() {
                    @Override
                    public void score(PendingImage image, Score score) {
                        scored.add(image.offset());
                    }
                },
                Models.NONE,
                opened,
                () -> clock++);
    }

    private void append(int images) {
        for (int i = 0; i < images; i++) {
            byte[] pixels = Tiny.image(random);
            reference.add(log.end(), pixels);
            log.append(pixels);
        }
    }

    /** Hands over records of the log. */
    private void give(PartitionLearner learner, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            learner.process(MemoryLog.image(log.from(offset, 1).get(0)).orElseThrow());
        }
    }

    private void rest(PartitionLearner learner) {
        for (int i = 0; i < 100 && learner.isBusy(); i++) {
            clock += 500;
            learner.tick();
        }
    }

    private void end(PartitionLearner learner) {
        learner.close();
        telemetry.close(Objects.requireNonNull(meters));
    }

    /** A run to the end of the log, stopped without a last snapshot. */
    private void run() {
        PartitionLearner learner = start();
        append(RECORDS);
        give(learner, 0, RECORDS);
        clock += 100;
        learner.tick();
        log.commit(RECORDS);
        store.commit();
        end(learner);
        scored.clear();
    }

    private void createLogAnew() {
        log.recreate();
        for (int i = 0; i < NEW_RECORDS; i++) {
            log.append(Tiny.image(random));
        }
    }

    private void assertTheNewLogIsLearnedAfterTheSnapshot() {
        assertEquals(LongStream.range(0, NEW_RECORDS).boxed().toList(), scored);
        assertEquals(
                20 + NEW_RECORDS / Tiny.BATCH, Objects.requireNonNull(model).step());
    }

    /** A record or the clock comes first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutTheGroupsPlaceItRefusesRecordsThatHaveScoresAndGoesOnFromTheTruePlace(boolean tickFirst) {
        run();
        log.forgetPlace();
        PartitionLearner refusing = start();
        String reason = assertThrows(InvalidConfigurationException.class, () -> {
                    if (tickFirst) {
                        refusing.tick();
                    }
                    give(refusing, 0, 1);
                })
                .getMessage();
        assertEquals(
                "images-0: the group has no committed offset, and records before 94 have their scores: set the group's"
                        + " offset to 94 (kafka-consumer-groups --reset-offsets --to-offset), or start anew with"
                        + " --reset",
                reason);
        assertEquals(0, store.uncommitted(), "the store is as it was");
        end(refusing);

        log.commit(RECORDS);
        append(10);
        PartitionLearner learner = start();
        give(learner, RECORDS, RECORDS + 10);
        rest(learner);
        assertEquals(LongStream.range(RECORDS, RECORDS + 10).boxed().toList(), scored);
        assertEquals(
                reference.digest(reference.steps()),
                Objects.requireNonNull(model).weightsSha256());
        end(learner);
    }

    @Test
    void soItDoesWhenTheSourceIsAskedLater() {
        run();
        log.forgetPlace();
        log.failures(10);
        PartitionLearner learner = start();
        give(learner, 0, 2);
        log.failures(0);
        clock += 2_000;
        assertThrows(InvalidConfigurationException.class, learner::tick);
        assertEquals(List.of(), scored);
        end(learner);
    }

    @Test
    void recordsThatComeWhileTheSourceCannotBeAskedNeedNoFurtherRecordToBeScored() {
        PartitionLearner learner = start();
        learner.tick(); // nothing is committed, and nothing there
        append(10);
        log.failures(10);
        give(learner, 0, 10);
        log.failures(0);
        log.commit(10);
        rest(learner);
        assertEquals(LongStream.range(0, 10).boxed().toList(), scored);
        end(learner);
    }

    @Test
    void recordsThatHaveNoScoreYetAreTakenWithoutTheGroupsPlace() {
        run();
        log.forgetPlace();
        append(10);
        PartitionLearner learner = start();
        give(learner, RECORDS + 2, RECORDS + 10);
        rest(learner);
        assertEquals(LongStream.range(RECORDS, RECORDS + 10).boxed().toList(), scored);
        assertEquals(
                reference.digest(reference.steps()),
                Objects.requireNonNull(model).weightsSha256());
        end(learner);
    }

    @Test
    void soAreRecordsWhenThoseWithScoresAreGone() {
        run();
        log.forgetPlace();
        append(10);
        log.retainFrom(RECORDS);
        PartitionLearner learner = start();
        learner.tick();
        give(learner, RECORDS, RECORDS + 10);
        rest(learner);
        assertEquals(LongStream.range(RECORDS, RECORDS + 10).boxed().toList(), scored);
        end(learner);
    }

    /** Under at-least-once a crash before the first commit leaves the word on what is owed, and no place. */
    @Test
    void aFirstStartThatCameToNothingIsOneAgain() {
        append(10);
        PartitionLearner crashed = start();
        give(crashed, 1, 2);
        end(crashed);
        scored.clear();
        store.commit();
        new Progress(1, 1).write(store.open());
        PartitionLearner learner = start();
        learner.tick();
        give(learner, 0, 10);
        rest(learner);
        assertEquals(LongStream.range(0, 10).boxed().toList(), scored);
        end(learner);
    }

    @Test
    void theModelStaysWhenTheGroupsPlaceIsGoneWithTheLog() {
        run();
        createLogAnew();
        log.forgetPlace();
        PartitionLearner learner = start();
        learner.tick();
        give(learner, 0, NEW_RECORDS);
        rest(learner);
        assertTheNewLogIsLearnedAfterTheSnapshot();
        end(learner);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsOfANewLogThatCameWhileItCouldNotBeAskedAreScored(boolean tickFirst) {
        run();
        createLogAnew();
        log.failures(10);
        PartitionLearner learner = start();
        give(learner, 0, 2);
        log.failures(0);
        clock += 2_000;
        if (tickFirst) {
            learner.tick();
        }
        give(learner, 2, NEW_RECORDS);
        rest(learner);
        assertTheNewLogIsLearnedAfterTheSnapshot();
        end(learner);
    }

    /** Kafka Streams commits records that were put off as well. */
    @Test
    void recordsOfANewLogThatWereCommittedBeforeTheyWereScoredAreScored() {
        run();
        createLogAnew();
        log.failures(10);
        PartitionLearner learner = start();
        give(learner, 0, 2);
        log.commit(2);
        store.commit();
        log.failures(0);
        clock += 2_000;
        give(learner, 2, NEW_RECORDS);
        rest(learner);
        assertTheNewLogIsLearnedAfterTheSnapshot();
        end(learner);
    }
}
