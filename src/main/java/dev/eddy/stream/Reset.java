package dev.eddy.stream;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the next start of a learner its first: forgets its group's place in the input and its changelog, and with it
 * what was learned. The topics that it has published to are left as they are.
 */
public final class Reset {

    private static final Logger LOG = LoggerFactory.getLogger(Reset.class);
    private static final int LOOKS = 150;
    private static final long LOOK_MILLIS = 200;

    private Reset() {}

    /**
     * Forgets a learner; does nothing to one that was never run.
     *
     * @throws StreamStartException with one line, if an instance is running or the cluster does not answer; nothing is
     *     forgotten then
     */
    public static void forget(StreamSettings settings) throws StreamStartException {
        String application = settings.applicationId();
        String changelog = LearnerStore.changelogTopic(application);
        try (Admin admin =
                Admin.create(EddyStreams.adminConfig(new StreamsConfig(KafkaProperties.of(settings)), settings))) {
            Topics cluster = new Topics(admin, settings);
            try {
                cluster.await(admin.deleteConsumerGroups(List.of(application)).all());
            } catch (StreamStartException e) {
                if (e.getCause() instanceof GroupNotEmptyException) {
                    throw new StreamStartException(
                            "application.id " + application + " has running instances: end them before --reset; one"
                                    + " that was killed counts until its session.timeout.ms is over",
                            e);
                }
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e;
                }
            }
            try {
                cluster.await(admin.deleteTopics(Set.of(changelog)).all());
            } catch (StreamStartException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
            awaitGone(cluster, admin, changelog);
            LOG.info("application.id {} has forgotten what it learned and begins anew", application);
        } catch (KafkaException e) {
            throw new StreamStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void awaitGone(Topics cluster, Admin admin, String topic) throws StreamStartException {
        try {
            for (int look = 0; cluster.await(admin.listTopics().names()).contains(topic); look++) {
                if (look == LOOKS) {
                    throw new StreamStartException("topic " + topic + " is still there " + LOOKS * LOOK_MILLIS / 1_000
                            + " s after it was deleted: try again later");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamStartException("interrupted while asking the cluster", e);
        }
    }
}
