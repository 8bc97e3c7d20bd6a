package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.it.Await;
import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.ModelWriter;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The models topic, followed by a scorer, with consumers that fail. */
class ModelFollowerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition MODELS = new TopicPartition("models", 0);

    private final StreamSettings settings =
            Tiny.settings(Tiny.learner(99), Map.of("application.id", "test")).scoring();
    private final Telemetry telemetry = new Telemetry("test");
    private final SplittableRandom random = new SplittableRandom(3);
    private final Deque<MockConsumer<byte[], byte[]>> consumers = new ArrayDeque<>();
    private List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();

    @AfterEach
    void close() {
        telemetry.close();
    }

    /** Appends a version of a partition's model to the topic; its records. */
    private List<ConsumerRecord<byte[], byte[]>> publish(
            LearnerConfig config, int partition, long generation, long step) {
        int before = topic.size();
        try (Learner learner = new Learner(config, partition)) {
            while (learner.step() < step) {
                learner.add(Tiny.image(random));
                if (learner.isFull()) {
                    learner.train();
                }
            }
            SnapshotHeader header = new SnapshotHeader(
                    "images",
                    partition,
                    generation,
                    step,
                    0,
                    topic.size(),
                    "test",
                    learner.weightsSha256(),
                    1.5,
                    Fingerprint.of(config),
                    List.of());
            new ModelWriter(
                            (key, value) -> topic.add(new ConsumerRecord<>(
                                    "models", 0, topic.size(), key.getBytes(StandardCharsets.UTF_8), value)),
                            1_000)
                    .write(header, learner);
        }
        return List.copyOf(topic.subList(before, topic.size()));
    }

    /** The next consumer to be connected, which gets what the topic has now. */
    private MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.updatePartitions("models", List.of(new PartitionInfo("models", 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(MODELS, 0L));
        consumer.updateEndOffsets(Map.of(MODELS, (long) topic.size()));
        List<ConsumerRecord<byte[], byte[]>> now = List.copyOf(topic);
        consumer.schedulePollTask(() -> now.forEach(consumer::addRecord));
        consumers.add(consumer);
        return consumer;
    }

    private ModelFollower open() throws StreamStartException {
        return ModelFollower.open(settings, consumers::remove);
    }

    private static long step(ModelFollower follower) {
        return follower.of(0).orElseThrow().header().step();
    }

    private static void awaitStep(ModelFollower follower, long step) {
        Await.until("step " + step, PATIENCE, () -> ", has " + step(follower), () -> step(follower) == step);
    }

    @Test
    void afterAVersionOfAnotherShapeAReplacedThreadGoesOnWithTheLastThatFitsAndAStartIsRefused() throws Exception {
        publish(Tiny.learner(1), 0, 1, 10);
        MockConsumer<byte[], byte[]> consumer = consumer();
        try (ModelFollower follower = open()) {
            follower.follow(() -> {});
            List<ConsumerRecord<byte[], byte[]>> another = publish(Tiny.wider(), 0, 1, 5);
            CountDownLatch read = new CountDownLatch(1);
            consumer.schedulePollTask(() -> another.forEach(consumer::addRecord));
            consumer.schedulePollTask(read::countDown);
            assertTrue(read.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(List.of(10L), stepsOfScoresBy(follower));
            List<ConsumerRecord<byte[], byte[]>> back = publish(Tiny.learner(1), 0, 2, 3);
            consumer.schedulePollTask(() -> back.forEach(consumer::addRecord));
            awaitStep(follower, 3);
        }
        topic = new ArrayList<>();
        publish(Tiny.learner(1), 0, 1, 10);
        publish(Tiny.wider(), 0, 2, 5);
        consumer();
        StreamStartException refused = assertThrows(StreamStartException.class, this::open);
        assertTrue(
                String.valueOf(refused.getMessage()).contains("vae.encoder is 7 in the model, configured 6"),
                refused.getMessage());
    }

    /** The models that score one image of a partition that begins now, as after a rebalance. */
    private List<Long> stepsOfScoresBy(Models models) {
        MemoryLog images = new MemoryLog();
        images.append(Tiny.image(random));
        List<Long> steps = new ArrayList<>();
        NoOutput scores = new NoOutput() {
            @Override
            public void score(PendingImage image, Score score) {
                steps.add(score.step());
            }
        };
        long[] clock = {1_000_000};
        try (StartedLearner started = new StartedLearner(telemetry)) {
            PartitionLearner learner = started.start(
                    settings, 0, new DurableStore().open(), images.connect(random), scores, models, () -> clock[0]);
            learner.process(MemoryLog.image(images.from(0, 1).get(0)).orElseThrow());
            clock[0] += 200;
            learner.tick();
        }
        return steps;
    }

    @Test
    void aPartitionWhoseModelIsOfAnotherShapeBeginsWithTheNewestThatFits() throws Exception {
        publish(Tiny.learner(1), 1, 1, 10);
        publish(Tiny.wider(), 0, 1, 5);
        consumer();
        try (ModelFollower follower = open()) {
            assertEquals(List.of(10L), stepsOfScoresBy(follower));
        }
    }

    @Test
    void afterAFaultItReadsOnAndNeverGoesBack() throws Exception {
        publish(Tiny.learner(1), 0, 1, 10);
        publish(Tiny.learner(1), 0, 2, 20);
        publish(Tiny.learner(1), 0, 3, 30);
        MockConsumer<byte[], byte[]> first = consumer();
        try (ModelFollower follower = open()) {
            assertEquals(30, step(follower));
            MockConsumer<byte[], byte[]> second = consumer();
            second.setMaxPollRecords(1);
            Queue<Long> seen = new ConcurrentLinkedQueue<>();
            CountDownLatch read = new CountDownLatch(topic.size());
            for (int i = 0; i < topic.size(); i++) {
                second.schedulePollTask(() -> {
                    seen.add(step(follower));
                    read.countDown();
                });
            }
            first.setPollException(new KafkaException("a fault"));
            follower.follow(() -> {});
            assertTrue(read.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(List.of(30L), seen.stream().distinct().toList());
            List<ConsumerRecord<byte[], byte[]>> reset = publish(Tiny.learner(2), 0, 1, 5); // newer with fewer steps
            second.schedulePollTask(() -> reset.forEach(second::addRecord));
            awaitStep(follower, 5);
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
        publish(Tiny.learner(1), 0, 1, 10);
        publish(Tiny.learner(1), 0, 2, 20);
        MockConsumer<byte[], byte[]> first = consumer();
        try (ModelFollower follower = open()) {
            long end = topic.size();
            topic = new ArrayList<>();
            publish(Tiny.learner(2), 0, 1, 5);
            consumer();
            first.setPollException(new OffsetOutOfRangeException(Map.of(MODELS, end)));
            follower.follow(() -> {});
            awaitStep(follower, 5);
        }
    }
}
