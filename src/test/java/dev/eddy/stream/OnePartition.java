package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Image;
import dev.eddy.image.ImageFormat;
import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import dev.eddy.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;

/** For a test to start, feed, stop and start again: a partition in memory, beside the run that is never stopped. */
abstract class OnePartition {

    static final int STEPS = 23; // snapshots are due at 5, 10, 15 and 20

    final Telemetry telemetry = new Telemetry("test");
    private final StartedLearner started = new StartedLearner(telemetry);
    final MemoryLog log = new MemoryLog();
    final DurableStore store = new DurableStore();
    final SplittableRandom random = new SplittableRandom(3);
    final Reference reference = new Reference(Tiny.learner(1), 0);
    final List<Long> scored = new ArrayList<>();
    final Map<Long, Set<Score>> values = new TreeMap<>();
    Models parents = Models.NONE;
    String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
    long clock = 1_000_000;
    int clockStep = 1;
    ImageFormat format = ImageFormat.RAW; // of what is appended, and configured

    @AfterEach
    void close() {
        reference.close();
        telemetry.close();
    }

    PartitionLearner start(LearnerConfig config) {
        return started.start(
                Tiny.settings(config, decoder(), Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee)),
                0,
                store.open(),
                log.connect(new SplittableRandom(4)),
                new NoOutput() {
                    @Override
                    public void score(PendingImage image, Score score) {
                        scored.add(image.offset());
                        values.computeIfAbsent(image.offset(), offset -> new HashSet<>())
                                .add(score);
                    }
                },
                parents,
                () -> clock += clockStep);
    }

    RecordDecoder decoder() {
        return RecordDecoder.of(format, Tiny.GEOMETRY);
    }

    PartitionLearner start() {
        return start(Tiny.learner(1));
    }

    Learner model() {
        return started.model();
    }

    /** Appends an image, which the reference learns from at once. */
    byte[] append() {
        byte[] pixels = Tiny.image(random);
        reference.add(log.end(), pixels);
        log.append(format.encoder().encode(new Image(Tiny.GEOMETRY, pixels)));
        return pixels;
    }

    /** Appends images and hands them to the learner. */
    void feed(PartitionLearner learner, int images) {
        for (int i = 0; i < images; i++) {
            append();
            give(learner, log.end() - 1, log.end());
        }
        log.commit(log.end());
    }

    /** Hands over records of the log. */
    void give(PartitionLearner learner, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            SourceRecord record = log.from(offset, 1).get(0);
            byte[] pixels = DecodingProcessor.decode(decoder(), record.headers(), record.value())
                    .pixels();
            learner.process(
                    new PendingImage(record.offset(), record.timestamp(), record.key(), record.headers(), pixels));
        }
    }

    void stop(PartitionLearner learner) {
        store.commit();
        started.end(learner);
    }

    void rest(PartitionLearner learner) {
        for (int i = 0; learner.isBusy(); i++) {
            assertTrue(i < 1000, "never comes to rest");
            clock += 500;
            learner.tick();
            learner.committed();
        }
    }

    /** A run of {@link #STEPS} steps and a half batch, stopped without a last snapshot. */
    void run() {
        PartitionLearner learner = start();
        feed(learner, STEPS * Tiny.BATCH + 2);
        stop(learner);
    }

    void assertAsIfNothingHadHappened() {
        assertEquals(reference.steps(), model().step());
        assertEquals(reference.digest(reference.steps()), model().weightsSha256());
        assertEquals(List.copyOf(reference.scores().keySet()), scored);
    }

    SnapshotHeader newest() {
        return new SnapshotStore(store.open(), 256).newest().orElseThrow();
    }
}
