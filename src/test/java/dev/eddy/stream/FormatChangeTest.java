package dev.eddy.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Image;
import dev.eddy.image.ImageFormat;
import dev.eddy.snapshot.ByteStore;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.Test;

/** What becomes of what is to be replayed when another image format is configured. */
class FormatChangeTest extends OnePartition {

    private String formats() {
        return new String(store.open().get("formats"), UTF_8);
    }

    private void assertAllOfTheLogIsLearned(PartitionLearner learner) {
        feed(learner, 10);
        rest(learner);
        assertAsIfNothingHadHappened();
        stop(learner);
    }

    @Test
    void recordsToReplayAreDecodedAsTheyCame() {
        run(); // 20 steps are in the snapshot, 14 records are not
        assertEquals("0 raw", formats());
        long place = log.end();
        format = ImageFormat.PNG;
        PartitionLearner changed = start();
        feed(changed, 1); // its snapshot is that of before
        stop(changed);
        assertEquals("0 raw\n" + place + " png", formats());

        PartitionLearner again = start();
        assertAllOfTheLogIsLearned(again);

        format = ImageFormat.JSON;
        assertAllOfTheLogIsLearned(start());
        format = ImageFormat.RAW;
        assertAllOfTheLogIsLearned(start());
        assertTrue(formats().lines().count() == 4, this::formats);
    }

    @Test
    void scoresThatAreOwedComeUnderTheNewFormatAsWell() {
        run();
        for (int i = 0; i < 3 * Tiny.BATCH; i++) {
            append();
        }
        log.commit(log.end()); // taken in by an instance whose store could not yet say so
        format = ImageFormat.PNG;
        assertAllOfTheLogIsLearned(start());
    }

    @Test
    void whatWasADeadLetterStaysOne() {
        run();
        PartitionLearner learner = start();
        rest(learner);
        byte[] png = ImageFormat.PNG.encoder().encode(new Image(Tiny.GEOMETRY, Tiny.image(random)));
        for (int i = 0; i < 2 * Tiny.BATCH; i++) {
            log.append(png); // the producer has changed before the learner
        }
        log.commit(log.end());
        stop(learner);
        format = ImageFormat.PNG;
        assertAllOfTheLogIsLearned(start());
    }

    @Test
    void aFormatThatWasTakenBackBeforeARecordCameLeavesNoTrace() {
        run();
        format = ImageFormat.PNG;
        PartitionLearner changed = start();
        rest(changed);
        stop(changed);
        format = ImageFormat.RAW;
        assertAllOfTheLogIsLearned(start());
        assertEquals("0 raw", formats());
    }

    @Test
    void recordsThatComeBeforeTheSourceCanBeAskedAreNotTakenForOnesOfTheFormerFormat() {
        run();
        long place = log.end();
        format = ImageFormat.PNG;
        log.failures(10);
        PartitionLearner learner = start();
        feed(learner, 10);
        assertEquals(PartitionLearner.Phase.STARTING, learner.phase());
        stop(learner);
        log.failures(0);
        assertEquals("0 raw\n" + place + " png", formats());
        assertAllOfTheLogIsLearned(start());
    }

    @Test
    void aNewLogIsOfThePresentFormatAlone() {
        run();
        log.recreate();
        format = ImageFormat.PNG;
        PartitionLearner learner = start();
        learner.process(new PendingImage(
                0, 0, null, new org.apache.kafka.common.header.internals.RecordHeaders(), Tiny.image(random)));
        assertEquals("0 png", formats());
        stop(learner);
    }

    @Test
    void aStoreOfAnOlderReleaseIsTakenAsItIs() {
        run();
        store.open().delete("formats");
        store.commit();
        assertAllOfTheLogIsLearned(start());
        assertEquals("0 raw", formats());
    }

    @Test
    void aFormatThatCannotBeDecodedAsConfiguredIsRefusedWhereThereIsSomethingToReplay() {
        run();
        ByteStore open = store.open();
        byte[] registered = "0 avro of a schema registry".getBytes(UTF_8);
        open.put("formats", registered);
        store.commit();
        PartitionLearner learner = start();
        String message = String.valueOf(
                assertThrows(InvalidConfigurationException.class, learner::tick).getMessage());
        assertEquals(
                "images-0: of the records 80 to 93, which have to be read again, some came as avro of a schema registry,"
                        + " which cannot be decoded as configured: restore the former image.format and"
                        + " schema.registry.url, or start anew with --reset (forgets what was learned)",
                message);
        assertArrayEquals(registered, store.open().get("formats"));
        stop(learner);
    }

    @Test
    void withNothingToReplayAnyFormatIsAccepted() {
        PartitionLearner first = start();
        feed(first, 5 * Tiny.BATCH);
        rest(first);
        stop(first);
        store.open().put("formats", "0 avro of a schema registry".getBytes(UTF_8));
        store.commit();
        assertAllOfTheLogIsLearned(start());
        assertEquals("0 avro of a schema registry\n20 raw", formats());
    }
}
