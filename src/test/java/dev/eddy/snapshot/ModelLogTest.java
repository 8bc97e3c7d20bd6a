package dev.eddy.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.stream.Tiny;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLogTest {

    /** A record of the log, and the newest complete version of its model at and behind it. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Entry(String key, byte @Nullable [] value, String model, String newest) {}

    private final List<Entry> log = new ArrayList<>();
    private final Map<String, String> complete = new HashMap<>();
    private final Set<String> written = new HashSet<>();
    private final List<Learner> learners = List.of(new Learner(Tiny.learner(1), 0), new Learner(Tiny.learner(1), 1));

    private final Learner taker = new Learner(Tiny.learner(2), 0);

    @AfterEach
    void close() {
        taker.close();
        learners.forEach(Learner::close);
    }

    private static SnapshotHeader header(Learner learner, int partition, long generation) {
        return new SnapshotHeader(
                "line-4",
                partition,
                generation,
                learner.step(),
                learner.step() * Tiny.BATCH,
                1_000 + learner.step(),
                "test",
                learner.weightsSha256(),
                1.5,
                Fingerprint.of(learner.config()),
                List.of("began"));
    }

    private static void train(Learner learner, SplittableRandom random) {
        while (!learner.isFull()) {
            learner.add(Tiny.image(random));
        }
        learner.train();
    }

    /** Appends a version of one of two models, whole or torn off by the writer's end. */
    private void write(SplittableRandom random, long[] generations) {
        int partition = random.nextInt(2);
        Learner learner = learners.get(partition);
        train(learner, random);
        List<Entry> records = new ArrayList<>();
        String model = "line-4-" + partition;
        new ModelWriter((key, value) -> records.add(new Entry(key, value, model, "")), 64 + random.nextInt(2_000))
                .write(header(learner, partition, generations[partition] + 1), learner);
        boolean torn = random.nextInt(4) == 0;
        int kept = torn ? random.nextInt(records.size()) : records.size();
        for (int i = 0; i < kept; i++) {
            if (i == records.size() - 1) {
                complete.put(model, learner.weightsSha256());
            }
            Entry record = records.get(i);
            log.add(new Entry(record.key, record.value, model, complete.getOrDefault(model, "")));
        }
        if (!torn) {
            generations[partition]++;
        }
        written.add(learner.weightsSha256());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aReaderHasTheNewestCompleteVersionAtEveryPrefixAndNeverATornOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] generations = new long[2];
        for (int i = 0; i < 12; i++) {
            write(random, generations);
        }
        ModelLog whole = new ModelLog();
        for (Entry entry : log) {
            whole.accept(entry.key, entry.value);
            assertEquals(entry.newest, newest(whole, entry.model));
        }
        for (int end = 1; end <= log.size(); end += 1 + random.nextInt(4)) {
            readsCompacted(end, random.nextInt(end + 1), random);
        }
    }

    /** A reader that comes when the log ends at {@code end}, and compaction has come to {@code cleaned}. */
    private void readsCompacted(int end, int cleaned, SplittableRandom random) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < end; i++) {
            last.put(log.get(i).key, i);
        }
        ModelLog late = new ModelLog();
        Map<String, String> expected = new HashMap<>();
        for (int i = 0; i < end; i++) {
            Entry entry = log.get(i);
            expected.put(entry.model, entry.newest);
            boolean overwritten = last.getOrDefault(entry.key, i) > i;
            boolean expired = entry.value == null && random.nextBoolean();
            if (i < cleaned && (overwritten || expired)) {
                continue;
            }
            late.accept(entry.key, entry.value)
                    .ifPresent(version -> assertTrue(
                            written.contains(version.header().sha256()) && isWhole(version), "torn at " + entry.key));
        }
        expected.forEach((model, sha256) -> assertEquals(sha256, newest(late, model), "log of " + end));
    }

    private boolean isWhole(ModelVersion version) {
        version.adopt(taker);
        return taker.weightsSha256().equals(version.header().sha256())
                && taker.step() == version.header().step();
    }

    private static String newest(ModelLog log, String model) {
        return log.newest().stream()
                .map(ModelVersion::header)
                .filter(header -> model.equals(header.topic() + "-" + header.partition()))
                .map(SnapshotHeader::sha256)
                .findFirst()
                .orElse("");
    }

    private static ModelLog logOf(Learner learner, int... partitions) {
        ModelLog log = new ModelLog();
        for (int partition : partitions) {
            new ModelWriter(log::accept, 500).write(header(learner, partition, 1), learner);
        }
        return log;
    }

    @Test
    void aPartitionHasItsOwnModelOrElseTheNewestOfAll() {
        SplittableRandom random = new SplittableRandom(1);
        ModelLog log = logOf(learners.get(0), 0);
        train(learners.get(0), random);
        new ModelWriter(log::accept, 500).write(header(learners.get(0), 1, 1), learners.get(0));
        assertEquals(0, log.of("line-4", 0).orElseThrow().header().partition());
        assertEquals(1, log.of("line-4", 1).orElseThrow().header().partition());
        assertEquals(1, log.of("line-4", 7).orElseThrow().header().partition());
        assertEquals(1, log.of("line-5", 0).orElseThrow().header().partition());
        assertTrue(new ModelLog().of("line-4", 0).isEmpty());
    }

    @Test
    void whatIsNoRecordOfAModelIsPassedOver() {
        ModelLog log = logOf(learners.get(0), 0);
        log.accept("rubbish", new byte[3]);
        log.accept("a/b", null);
        log.accept("line-4-0/slot-1/manifest", new byte[40]);
        log.accept("line-4-0/slot-0/manifest", new byte[0]);
        assertEquals(1, log.newest().size());
    }

    @Test
    void recordsOfAModelGoToOnePartition() {
        assertEquals(4, ModelWriter.partition("line-4/slot-0/manifest", 8));
        assertEquals(3, ModelWriter.partition("line-4-11/slot-1/00007", 8));
        assertEquals(0, ModelWriter.partition("line-4-11/slot-1/00007", 1));
    }

    @Test
    void aLearnerOfAnotherShapeIsLeftAlone() {
        ModelVersion version = logOf(learners.get(0), 0).newest().iterator().next();
        LearnerConfig tiny = Tiny.learner(1);
        LearnerConfig other = new LearnerConfig(
                1,
                tiny.geometry(),
                tiny.batchSize(),
                10,
                tiny.vae(),
                new dev.eddy.model.GanConfig(
                        true,
                        3,
                        List.of(7),
                        List.of(6),
                        dev.eddy.model.GanConfig.Loss.RELATIVISTIC,
                        0.5,
                        1e-3,
                        0,
                        0.999,
                        0.2,
                        true,
                        1),
                tiny.anomaly());
        try (Learner learner = new Learner(other, 0)) {
            String before = learner.weightsSha256();
            IncompatibleSnapshotException refused =
                    assertThrows(IncompatibleSnapshotException.class, () -> version.adopt(learner));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("gan.generator is 6 in the model, configured 7"),
                    refused.getMessage());
            assertEquals(before, learner.weightsSha256());
        }
    }
}
