package dev.eddy.stream;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the next start of a learner its first: forgets its group's place in the input, its changelogs and what its
 * partitions have sent each other, and with it what was learned. The topics that it has published to are left as they are.
 */
public final class Reset {

    private static final Logger LOG = LoggerFactory.getLogger(Reset.class);
    private static final int LOOKS = 150;
    private static final long LOOK_MILLIS = 200;
    private static final int DEFAULT_SESSION_MILLIS = 45_000;
    private static final long GRACE_MILLIS = 5_000;

    private Reset() {}

    /**
     * Forgets a learner; does nothing to one that was never run.
     *
     * @throws StreamStartException with one line, if an instance is running or the cluster does not answer; nothing is
     *     forgotten then
     */
    public static void forget(StreamSettings settings) throws StreamStartException {
        String application = settings.applicationId();
        try (Admin admin =
                Admin.create(EddyStreams.adminConfig(new StreamsConfig(KafkaProperties.of(settings)), settings))) {
            Topics cluster = new Topics(admin, settings);
            deleteGroup(cluster, admin, settings);
            Set<String> topics = new LinkedHashSet<>(SyncTopics.all(application));
            topics.add(LearnerStore.changelogTopic(application));
            topics.add(AggregatorStore.changelogTopic(application));
            for (KafkaFuture<Void> deleted :
                    admin.deleteTopics(topics).topicNameValues().values()) {
                try {
                    cluster.await(deleted);
                } catch (StreamStartException e) {
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                        throw e;
                    }
                }
            }
            for (String topic : topics) {
                awaitGone(cluster, admin, topic);
            }
            LOG.info("application.id {} has forgotten what it learned and begins anew", application);
        } catch (KafkaException e) {
            throw new StreamStartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Waits for members that were killed, or ended without leaving the group: it misses them at their timeout. */
    private static void deleteGroup(Topics cluster, Admin admin, StreamSettings settings) throws StreamStartException {
        String group = settings.applicationId();
        long patience = sessionTimeoutMillis(settings) + GRACE_MILLIS;
        long deadline = System.nanoTime() + patience * 1_000_000;
        boolean told = false;
        while (true) {
            try {
                cluster.await(admin.deleteConsumerGroups(List.of(group)).all());
                return;
            } catch (StreamStartException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return;
                }
                if (!(e.getCause() instanceof GroupNotEmptyException)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new StreamStartException(
                            "application.id " + group + " has running instances: end them before --reset", e);
                }
            }
            if (!told) {
                LOG.info("waits up to {} s for the group {} to miss former instances", patience / 1_000, group);
                told = true;
            }
            Topics.pause(LOOK_MILLIS);
        }
    }

    private static long sessionTimeoutMillis(StreamSettings settings) {
        Object millis = new StreamsConfig(KafkaProperties.of(settings))
                .getMainConsumerConfigs(settings.applicationId(), "reset", 0)
                .getOrDefault(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, DEFAULT_SESSION_MILLIS);
        return Long.parseLong(String.valueOf(millis));
    }

    private static void awaitGone(Topics cluster, Admin admin, String topic) throws StreamStartException {
        for (int look = 0; cluster.await(admin.listTopics().names()).contains(topic); look++) {
            if (look == LOOKS) {
                throw new StreamStartException("topic " + topic + " is still there " + LOOKS * LOOK_MILLIS / 1_000
                        + " s after it was deleted: try again later");
            }
            Topics.pause(LOOK_MILLIS);
        }
    }
}
