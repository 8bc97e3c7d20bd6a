package dev.eddy.stream;

import dev.eddy.telemetry.Health;
import dev.eddy.telemetry.KafkaMeters;
import dev.eddy.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A learner on a cluster, from {@link #start} to {@link #close}. Thread-safe.
 *
 * <p>Closing finishes the batch in hand, publishes the scores that are owed, writes a last snapshot of each partition,
 * commits, and leaves the group. What of this is not done within eight seconds is left to the successor: the transaction
 * is aborted, and replay does it again.
 */
public final class EddyStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EddyStreams.class);
    private static final int START_MILLIS = 15_000;
    private static final long CLOSE_MILLIS = 8_000;
    private static final long SNAPSHOT_MILLIS = 4_000;

    private final StreamSettings settings;
    private final Admin admin;
    private final KafkaStreams streams;
    private final LivePartitions partitions;
    private final LagMonitor lag;
    private final @Nullable ModelFollower follower;
    private final Restarts restarts = new Restarts();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closedInTime;

    private EddyStreams(
            StreamSettings settings,
            Admin admin,
            StreamsConfig config,
            EddyTopology.Surroundings surroundings,
            @Nullable ModelFollower follower) {
        this.settings = settings;
        this.admin = admin;
        this.streams = new KafkaStreams(EddyTopology.build(settings, surroundings), config);
        this.partitions = surroundings.partitions();
        this.lag = new LagMonitor(admin, settings.topics().input(), partitions);
        this.follower = follower;
    }

    /**
     * Prepares the topics and starts the threads; returns before the first record.
     *
     * @param parents models that partitions without a snapshot begin with; none has a say where nothing is trained
     * @param telemetry where everything is reported; not closed here
     * @throws StreamStartException with one line, if the configuration, a topic or the cluster is not as it must be;
     *     nothing is running then
     */
    public static EddyStreams start(StreamSettings settings, Models parents, Telemetry telemetry)
            throws StreamStartException {
        Map<String, Object> properties = KafkaProperties.of(settings);
        Admin admin = null;
        ModelFollower follower = null;
        try {
            admin = admin(settings, properties);
            settings.decoder().check();
            Topics.Prepared topics = new Topics(admin, settings).prepare();
            MessageLimit limit = KafkaProperties.limit(properties, topics.messageBytes());
            properties.put(DeadLetterHandler.TELEMETRY, telemetry);
            properties.put(DeadLetterHandler.LIMIT, limit);
            StreamsConfig config = new StreamsConfig(properties);
            follower = settings.trains() ? null : ModelFollower.open(settings);
            EddyTopology.Surroundings surroundings = new EddyTopology.Surroundings(
                    sources(settings, admin, config),
                    follower == null ? parents : follower,
                    limit,
                    topics.inputPartitions(),
                    telemetry,
                    new LivePartitions());
            EddyStreams eddy = new EddyStreams(settings, admin, config, surroundings, follower);
            eddy.begin(telemetry);
            return eddy;
        } catch (KafkaException e) {
            close(follower, admin);
            Throwable cause = e.getCause() instanceof KafkaException ? e.getCause() : e;
            throw new StreamStartException(String.valueOf(cause.getMessage()), e);
        } catch (StreamStartException | RuntimeException e) {
            close(follower, admin);
            throw e;
        }
    }

    private static IntFunction<SourceLog> sources(StreamSettings settings, Admin admin, StreamsConfig config) {
        return partition -> new KafkaSourceLog(
                admin,
                KafkaProperties.replay(config, settings.applicationId(), partition),
                settings.applicationId(),
                new TopicPartition(settings.topics().input(), partition));
    }

    private static Admin admin(StreamSettings settings, Map<String, Object> properties) throws StreamStartException {
        Map<String, Object> config = adminConfig(new StreamsConfig(properties), settings);
        try {
            return Admin.create(config);
        } catch (KafkaException e) {
            throw new StreamStartException(Topics.explained(settings, e), e);
        }
    }

    private void begin(Telemetry telemetry) {
        streams.setUncaughtExceptionHandler(restarts);
        streams.setStateListener((next, before) -> entered(next));
        telemetry.alpha(settings.learner().anomaly().alpha());
        KafkaMeters.bind(streams, telemetry);
        if (follower == null) {
            streams.start();
        } else {
            follower.follow(streams::start);
        }
    }

    /** Of an admin client that gives up in bounded time. */
    static Map<String, Object> adminConfig(StreamsConfig config, StreamSettings settings) {
        Map<String, Object> properties = config.getAdminConfigs(settings.applicationId() + "-eddy");
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, START_MILLIS);
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, START_MILLIS / 3);
        return properties;
    }

    private void entered(State state) {
        LOG.info("state {}", state);
        if (state == State.ERROR || state == State.NOT_RUNNING) {
            ended.countDown();
        }
    }

    /** How the application is; live until only a restart would help. */
    public Health health() {
        State state = streams.state();
        String fatal = restarts.fatal();
        boolean live = fatal.isEmpty() && state != State.ERROR;
        return new Health(
                state.name(),
                live,
                live && state == State.RUNNING,
                live ? state == State.CREATED ? waiting() : detail() : fatal);
    }

    private String waiting() {
        return "waits for a complete model in topic " + settings.topics().models();
    }

    private String detail() {
        List<PartitionLearner> all = List.copyOf(partitions.all());
        long replaying = count(all, PartitionLearner.Phase.REPLAYING);
        long starting = count(all, PartitionLearner.Phase.STARTING);
        long stopped = all.stream().filter(PartitionLearner::trainingStopped).count();
        String detail = all.size() + (all.size() == 1 ? " partition" : " partitions");
        if (starting > 0) {
            detail += ", " + starting + " waiting for a first record";
        }
        if (replaying > 0) {
            detail += ", " + replaying + " replaying";
        }
        if (stopped > 0) {
            detail += ", training stopped in " + stopped + " (updates are not finite)";
        }
        return detail;
    }

    private static long count(List<PartitionLearner> learners, PartitionLearner.Phase phase) {
        return learners.stream().filter(learner -> learner.phase() == phase).count();
    }

    /** Why the application has ended by itself, in one line; empty if it runs or was closed. */
    public String failure() {
        return restarts.fatal();
    }

    /** Waits until the application has ended; whether it has. */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether {@link #close} has finished all of its work: the next start has nothing to replay. */
    public boolean closedInTime() {
        return closedInTime;
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        lag.close();
        if (follower != null) {
            follower.close();
        }
        boolean written = writeLastSnapshots();
        boolean left =
                streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                        .withTimeout(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        if (!left) {
            LOG.warn(
                    "{} did not end in time: its transaction is aborted, the group notices at its session timeout, and"
                            + " the next start replays",
                    settings.applicationId());
        }
        closedInTime = written && left;
        admin.close(Duration.ZERO);
        ended.countDown();
    }

    /** Whether nothing is left to write; it has said so if there is. */
    private boolean writeLastSnapshots() {
        if (!streams.state().isRunningOrRebalancing()) {
            return true;
        }
        try {
            if (partitions.snapshotAll(SNAPSHOT_MILLIS)) {
                streams.pause(); // what was polled and comes after the snapshots is left to the successor
                return true;
            }
            LOG.warn("the last snapshots were not written in time; the next start replays from the ones before");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static void close(@Nullable ModelFollower follower, @Nullable Admin admin) {
        if (follower != null) {
            follower.close();
        }
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
