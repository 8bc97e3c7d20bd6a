package dev.eddy.stream;

import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models topic, followed on a thread of its own from {@link #follow} to {@link #close}. */
final class ModelFollower implements Models, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 2_000;

    /** Connects a consumer. */
    @FunctionalInterface
    interface Consumers {

        Consumer<byte[], byte[]> connect() throws StreamStartException;
    }

    private final StreamSettings settings;
    private final Consumers consumers;
    private final ModelLog log = new ModelLog();
    private final Map<TopicPartition, Long> next = new HashMap<>(); // as ModelTopic keeps it
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ModelTopic topic;
    private @Nullable Thread thread;

    private ModelFollower(StreamSettings settings, Consumers consumers) {
        this.settings = settings;
        this.consumers = consumers;
    }

    /**
     * Reads what the topic has now.
     *
     * @throws StreamStartException if there is no such topic, the cluster does not answer, or the models in it
     *     contradict the configuration
     */
    static ModelFollower open(StreamSettings settings) throws StreamStartException {
        return open(settings, () -> ModelTopic.consumer(settings));
    }

    /** The same with consumers of the caller's. */
    static ModelFollower open(StreamSettings settings, Consumers consumers) throws StreamStartException {
        ModelFollower follower = new ModelFollower(settings, consumers);
        try {
            follower.connected().readToEnd();
            follower.keepWhatFits();
            return follower;
        } catch (KafkaException | IncompatibleSnapshotException e) {
            follower.disconnect();
            String line = e instanceof KafkaException ? Topics.explained(settings, e) : String.valueOf(e.getMessage());
            throw new StreamStartException(line, e);
        }
    }

    /** From now on a version that does not fit takes no other's place: a scorer at work goes on with the last that does. */
    private void keepWhatFits() {
        List<ModelVersion> found = ModelTopic.inOrder(log);
        log.keepOnly(version -> fits(settings, version));
        if (!found.isEmpty() && log.newest().isEmpty()) {
            ModelVersion.check(found.get(0).header(), settings.learner());
        }
    }

    private static boolean fits(StreamSettings settings, ModelVersion version) {
        try {
            ModelVersion.check(version.header(), settings.learner());
            return true;
        } catch (IncompatibleSnapshotException e) {
            LOG.warn("model not used: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public Optional<ModelVersion> of(int partition) {
        return log.of(settings.topics().input(), partition);
    }

    /**
     * Begins to follow.
     *
     * @param onFirst called once there is a model that fits: now, or on the follower's thread
     */
    void follow(Runnable onFirst) {
        boolean waits = log.newest().isEmpty();
        if (!waits) {
            onFirst.run();
        } else {
            LOG.info("waits for a complete model in {}", settings.topics().models());
        }
        Thread started = new Thread(() -> run(waits ? onFirst : () -> {}, waits), "eddy-models");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void run(Runnable onFirst, boolean waitsAtFirst) {
        boolean waits = waitsAtFirst;
        while (!isClosed()) {
            try {
                boolean came = !connected().poll().isEmpty();
                if (waits && came) {
                    waits = false;
                    onFirst.run();
                }
            } catch (WakeupException e) {
                LOG.trace("closed", e);
            } catch (KafkaException | StreamStartException e) {
                LOG.warn("models: {}; tries again", e.getMessage());
                disconnect();
                pause();
            }
        }
        disconnect();
    }

    private ModelTopic connected() throws StreamStartException {
        ModelTopic open = topic;
        if (open == null) {
            open = ModelTopic.open(settings.topics().models(), consumers.connect(), log, next);
            topic = open;
        }
        return open;
    }

    private void disconnect() {
        ModelTopic open = topic;
        topic = null;
        if (open != null) {
            open.close();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void pause() {
        try {
            if (closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.trace("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        ModelTopic open = topic;
        if (open != null) {
            open.wakeUp();
        }
        try {
            if (thread == null) {
                disconnect();
            } else {
                thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
