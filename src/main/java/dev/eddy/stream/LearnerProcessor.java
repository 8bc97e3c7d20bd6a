package dev.eddy.stream;

import dev.eddy.image.Image;
import dev.eddy.learn.Learner;
import dev.eddy.telemetry.PartitionMeters;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Fits the learner of a partition into Kafka Streams: nothing blocks in {@link #init}, and the clock ticks only while
 * there is something to do, because every punctuation makes Kafka Streams commit. Kafka Streams initialises the same
 * instance again after a task was corrupted.
 */
final class LearnerProcessor implements Processor<byte @Nullable [], Object, byte @Nullable [], Object> {

    /** A record so young may have somebody who waits for its score. */
    private static final long YOUNG_MILLIS = 1_000;

    /** Between two commits for young records. */
    private static final long COMMIT_MILLIS = 100;

    private final StreamSettings settings;
    private final EddyTopology.Surroundings surroundings;
    private @Nullable ProcessorContext<byte @Nullable [], Object> context;
    private @Nullable PartitionMeters meters;
    private @Nullable PartitionLearner learner;
    private @Nullable Cancellable ticking;
    private long timestamp; // of the last record
    private long committedThrough; // as far as a commit was asked for
    private long committedAtMillis;

    LearnerProcessor(StreamSettings settings, EddyTopology.Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    @Override
    public void init(ProcessorContext<byte @Nullable [], Object> context) {
        close();
        this.context = context;
        int partition = context.taskId().partition();
        KeyValueStore<String, byte[]> store = context.getStateStore(LearnerStore.NAME);
        CommitSignal commits = context.getStateStore(CommitSignal.NAME);
        PartitionMeters opened =
                surroundings.telemetry().partition(settings.topics().input(), partition);
        PartitionLearner begun = new PartitionLearner(
                settings,
                partition,
                new Learner(settings.learner(), partition),
                LearnerStore.bytes(store),
                surroundings.sources().apply(partition),
                new ForwardingOutput(
                        context,
                        settings,
                        partition,
                        surroundings.limit(),
                        opened,
                        surroundings.telemetry(),
                        context::currentSystemTimeMs),
                surroundings.models(),
                opened,
                context::currentSystemTimeMs);
        meters = opened;
        learner = begun;
        commits.listen(begun::committed);
        surroundings.partitions().add(begun);
        schedule(context, begun);
    }

    @Override
    public void process(Record<byte @Nullable [], Object> record) {
        PartitionLearner running = running(learner);
        if (record.value() instanceof Image image) {
            RecordMetadata metadata = running(context).recordMetadata().orElseThrow();
            running.process(new PendingImage(
                    metadata.offset(), record.timestamp(), record.key(), record.headers(), image.pixels()));
            timestamp = record.timestamp();
        } else if (record.value() instanceof byte[] chunk) {
            running.receive(chunk);
        }
        schedule(running(context), running);
    }

    private void tick(PartitionLearner running) {
        running.tick();
        schedule(running(context), running);
    }

    private void schedule(ProcessorContext<?, ?> context, PartitionLearner running) {
        commitYoung(context, running);
        if (!running.isBusy()) {
            stopTicking();
        } else if (ticking == null) {
            ticking = context.schedule(
                    Duration.ofMillis(tickMillis(settings)), PunctuationType.WALL_CLOCK_TIME, now -> tick(running));
        }
    }

    /**
     * Asks for a commit of new scores if their records are young. A commit makes the thread wait for the broker, an
     * eighth of its time at ten a second; to work off a backlog, the commit interval is often enough.
     */
    private void commitYoung(ProcessorContext<?, ?> context, PartitionLearner running) {
        long now = context.currentSystemTimeMs();
        long through = running.scoredThrough();
        if (settings.exactlyOnce()
                && through != committedThrough
                && now - committedAtMillis >= COMMIT_MILLIS
                && now - timestamp < YOUNG_MILLIS) {
            context.commit();
            committedThrough = through;
            committedAtMillis = now;
        }
    }

    /** Often enough that a score is late by half its linger at most. */
    static long tickMillis(StreamSettings settings) {
        return Math.max(1, Math.min(100, settings.lingerMillis() / 2));
    }

    private void stopTicking() {
        if (ticking != null) {
            ticking.cancel();
            ticking = null;
        }
    }

    private static <T> T running(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not initialised");
        }
        return part;
    }

    @Override
    public void close() {
        stopTicking();
        if (learner != null) {
            surroundings.partitions().remove(learner);
            learner.close();
            learner = null;
        }
        if (meters != null) {
            surroundings.telemetry().close(meters);
            meters = null;
        }
    }
}
