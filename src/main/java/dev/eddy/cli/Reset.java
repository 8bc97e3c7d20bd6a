package dev.eddy.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Forgets what an application has learned: deletes its changelogs. Its place in the input topic stays, so that no image
 * is scored twice.
 */
final class Reset {

    private static final int PATIENCE_MILLIS = 15_000;

    private final String applicationId;
    private final String servers;
    private final Admin admin;

    private Reset(String applicationId, String servers, Admin admin) {
        this.applicationId = applicationId;
        this.servers = servers;
        this.admin = admin;
    }

    /**
     * Forgets, and waits until it is done.
     *
     * @param stop ends the waiting early
     * @return the topics deleted
     * @throws CommandException if an instance is running, or the cluster does not answer
     */
    static Set<String> forget(EddyConfig config, Stop stop) throws InterruptedException {
        Map<String, Object> properties;
        try {
            properties = new StreamsConfig(new HashMap<>(config.stream().kafka())).getAdminConfigs("eddy-reset");
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            try (Admin admin = Admin.create(properties)) {
                return new Reset(config.applicationId(), config.bootstrapServers(), admin).forget(stop);
            }
        } catch (KafkaException e) {
            Throwable cause = e.getCause() instanceof KafkaException ? e.getCause() : e;
            throw CommandException.failure(Errors.line(cause), e);
        }
    }

    private Set<String> forget(Stop stop) throws InterruptedException {
        int running = members();
        if (running > 0) {
            throw CommandException.failure("--reset: " + applicationId + " has " + running + " members running on "
                    + servers + ": stop them first");
        }
        Set<String> changelogs = changelogs();
        get(admin.deleteTopics(changelogs).all());
        long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (!changelogs().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw CommandException.failure("--reset: " + servers + " has not deleted " + changelogs + " in time");
            }
            if (stop.await(Duration.ofMillis(100))) {
                throw new InterruptedException();
            }
        }
        return changelogs;
    }

    private int members() throws InterruptedException {
        try {
            ConsumerGroupDescription group = get(admin.describeConsumerGroups(List.of(applicationId))
                            .all())
                    .get(applicationId);
            return group == null ? 0 : group.members().size();
        } catch (CommandException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    private Set<String> changelogs() throws InterruptedException {
        Set<String> all = get(admin.listTopics().names());
        all.removeIf(name -> !name.startsWith(applicationId + "-") || !name.endsWith("-changelog"));
        return all;
    }

    private <T> T get(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw CommandException.failure(
                    cause instanceof TimeoutException
                            ? "no answer from " + servers
                                    + ": is the broker running, and do address and security.protocol fit?"
                            : servers + ": " + Errors.line(cause),
                    cause);
        }
    }
}
