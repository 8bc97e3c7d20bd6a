package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a partition begins when the group's place and the source do not fit together. */
class RestorationTest extends OnePartition {

    private static final int RECORDS = STEPS * Tiny.BATCH + 2;
    private static final int NEW_RECORDS = 3 * Tiny.BATCH;

    private void append(int images) {
        for (int i = 0; i < images; i++) {
            append();
        }
    }

    /** A run that owes no score, stopped without a last snapshot; the last one is of step 20. */
    private void runToTheEnd() {
        PartitionLearner learner = start();
        feed(learner, RECORDS);
        clock += 100;
        learner.tick();
        stop(learner);
        scored.clear();
    }

    private void createLogAnew() {
        log.recreate();
        append(NEW_RECORDS);
    }

    private void assertTheNewLogIsLearnedAfterTheSnapshot() {
        assertEquals(LongStream.range(0, NEW_RECORDS).boxed().toList(), scored);
        assertEquals(20 + NEW_RECORDS / Tiny.BATCH, model().step());
    }

    /** A record or the clock comes first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutTheGroupsPlaceItRefusesRecordsThatHaveScoresAndGoesOnFromTheTruePlace(boolean tickFirst) {
        runToTheEnd();
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
        stop(refusing);

        log.commit(RECORDS);
        append(10);
        PartitionLearner learner = start();
        give(learner, RECORDS, RECORDS + 10);
        rest(learner);
        assertEquals(LongStream.range(RECORDS, RECORDS + 10).boxed().toList(), scored);
        assertEquals(reference.digest(reference.steps()), model().weightsSha256());
        stop(learner);
    }

    @Test
    void soItDoesWhenTheSourceIsAskedLater() {
        runToTheEnd();
        log.forgetPlace();
        log.failures(10);
        PartitionLearner learner = start();
        give(learner, 0, 2);
        log.failures(0);
        clock += 2_000;
        assertThrows(InvalidConfigurationException.class, learner::tick);
        assertEquals(List.of(), scored);
        stop(learner);
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
        stop(learner);
    }

    @Test
    void recordsThatHaveNoScoreYetAreTakenWithoutTheGroupsPlace() {
        runToTheEnd();
        log.forgetPlace();
        append(10);
        PartitionLearner learner = start();
        give(learner, RECORDS + 2, RECORDS + 10);
        rest(learner);
        assertEquals(LongStream.range(RECORDS, RECORDS + 10).boxed().toList(), scored);
        assertEquals(reference.digest(reference.steps()), model().weightsSha256());
        stop(learner);
    }

    @Test
    void soAreRecordsWhenThoseWithScoresAreGone() {
        runToTheEnd();
        log.forgetPlace();
        append(10);
        log.retainFrom(RECORDS);
        PartitionLearner learner = start();
        learner.tick();
        give(learner, RECORDS, RECORDS + 10);
        rest(learner);
        assertEquals(LongStream.range(RECORDS, RECORDS + 10).boxed().toList(), scored);
        stop(learner);
    }

    /** Under at-least-once a crash before the first commit leaves the word on what is owed, and no place. */
    @Test
    void aFirstStartThatCameToNothingIsOneAgain() {
        append(10);
        PartitionLearner crashed = start();
        give(crashed, 1, 2);
        stop(crashed);
        scored.clear();
        new Progress(1, 1).write(store.open());
        PartitionLearner learner = start();
        learner.tick();
        give(learner, 0, 10);
        rest(learner);
        assertEquals(LongStream.range(0, 10).boxed().toList(), scored);
        stop(learner);
    }

    @Test
    void theModelStaysWhenTheGroupsPlaceIsGoneWithTheLog() {
        runToTheEnd();
        createLogAnew();
        log.forgetPlace();
        PartitionLearner learner = start();
        learner.tick();
        give(learner, 0, NEW_RECORDS);
        rest(learner);
        assertTheNewLogIsLearnedAfterTheSnapshot();
        stop(learner);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSourceThatWasCreatedAnewIsLearnedFrom(boolean tickFirst) {
        run();
        createLogAnew();
        PartitionLearner learner = start();
        if (tickFirst) {
            learner.tick();
        }
        scored.clear();
        give(learner, 0, NEW_RECORDS);
        assertEquals(23, model().step()); // 20 from the snapshot, whose rest is gone, and three
        assertEquals(NEW_RECORDS, scored.size());
        assertEquals(0, newest().nextOffset());
        String weights = model().weightsSha256();
        log.commit(log.end());
        stop(learner);
        PartitionLearner successor = start();
        rest(successor);
        assertEquals(weights, model().weightsSha256());
        stop(successor);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsOfANewLogThatCameWhileItCouldNotBeAskedAreScored(boolean tickFirst) {
        runToTheEnd();
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
        stop(learner);
    }

    /** Kafka Streams commits records that were put off as well. */
    @Test
    void recordsOfANewLogThatWereCommittedBeforeTheyWereScoredAreScored() {
        runToTheEnd();
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
        stop(learner);
    }
}
