package dev.eddy.stream;

import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.ModelVersion;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models topic, followed on a thread of its own from {@link #follow} to {@link #close}. */
final class ModelFollower implements Models, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 2_000;

    private final StreamSettings settings;
    private final ModelLog log;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ModelTopic topic;
    private @Nullable Thread thread;

    private ModelFollower(StreamSettings settings, ModelTopic topic, ModelLog log) {
        this.settings = settings;
        this.topic = topic;
        this.log = log;
    }

    /**
     * Reads what the topic has now.
     *
     * @throws StreamStartException if there is no such topic, the cluster does not answer, or the models in it
     *     contradict the configuration
     */
    static ModelFollower open(StreamSettings settings) throws StreamStartException {
        ModelLog log = new ModelLog();
        ModelTopic topic = null;
        try {
            topic = ModelTopic.open(settings, "models", log);
            topic.readToEnd();
            if (!log.newest().isEmpty() && !fits(settings, log.newest())) {
                ModelVersion.check(ModelTopic.inOrder(log).get(0).header(), settings.learner());
            }
            return new ModelFollower(settings, topic, log);
        } catch (KafkaException | IncompatibleSnapshotException e) {
            if (topic != null) {
                topic.close();
            }
            String line = e instanceof KafkaException ? Topics.explained(settings, e) : String.valueOf(e.getMessage());
            throw new StreamStartException(line, e);
        }
    }

    private static boolean fits(StreamSettings settings, Collection<ModelVersion> versions) {
        for (ModelVersion version : versions) {
            try {
                ModelVersion.check(version.header(), settings.learner());
                return true;
            } catch (IncompatibleSnapshotException e) {
                LOG.warn("model not used: {}", e.getMessage());
            }
        }
        return false;
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
        boolean waits = !fits(settings, log.newest());
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
                Collection<ModelVersion> complete = connected().poll();
                if (waits && !complete.isEmpty() && fits(settings, complete)) {
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
            open = ModelTopic.open(settings, "models", log);
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
