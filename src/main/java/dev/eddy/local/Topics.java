package dev.eddy.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks up and creates topics. Every method that asks the broker gives up after the patience that it was opened with,
 * and throws {@link BrokerException} with one line. Thread-safe.
 */
public final class Topics implements AutoCloseable {

    private final String servers;
    private final Duration patience;
    private final Admin admin;

    /**
     * Opens a client; the broker is first asked by the first method called.
     *
     * @param properties of a Kafka admin client, with {@code bootstrap.servers}
     * @param patience how long to try before giving up
     * @throws BrokerException if the properties make no client
     */
    public Topics(Map<String, ?> properties, Duration patience) {
        this.servers = String.valueOf(properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
        this.patience = patience;
        Map<String, Object> all = new HashMap<>(properties);
        all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
        all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
        try {
            this.admin = Admin.create(all);
        } catch (KafkaException e) {
            throw BrokerException.of(servers, "connecting", patience, e);
        }
    }

    /** How many partitions a topic has; empty if it does not exist. */
    OptionalInt partitions(String topic) {
        try {
            Map<String, TopicDescription> found = get(
                    "looking up topic " + topic,
                    admin.describeTopics(List.of(topic)).allTopicNames());
            return found.values().stream()
                    .mapToInt(description -> description.partitions().size())
                    .findFirst();
        } catch (BrokerException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return OptionalInt.empty();
            }
            if (e.getCause() instanceof InvalidTopicException) {
                throw new BrokerException(
                        "'" + topic + "' is no name for a topic: use letters, digits, '.', '_', '-'", e);
            }
            throw e;
        }
    }

    /**
     * How many partitions a topic has.
     *
     * @throws BrokerException if it does not exist
     */
    int require(String topic) {
        return partitions(topic)
                .orElseThrow(() -> new BrokerException("topic " + topic + " does not exist on broker " + servers
                        + ": create it, or let it be created"));
    }

    /**
     * Creates a topic if it does not exist, with the broker's default replication.
     *
     * @param partitions how many it gets if it is created, at least 1
     * @param settings what it gets if it is created, such as {@code cleanup.policy}
     * @return how many partitions it has
     */
    public int create(String topic, int partitions, Map<String, String> settings) {
        OptionalInt existing = partitions(topic);
        if (existing.isPresent()) {
            return existing.getAsInt();
        }
        NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings);
        try {
            get("creating topic " + topic, admin.createTopics(List.of(wanted)).all());
            return partitions;
        } catch (BrokerException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return require(topic);
            }
            throw e;
        }
    }

    /**
     * As {@link #create}, and insists on the number of partitions.
     *
     * @throws BrokerException if the topic exists with another number
     */
    public void createExactly(String topic, int partitions, Map<String, String> settings) {
        int has = create(topic, partitions, settings);
        if (has != partitions) {
            throw new BrokerException("topic " + topic + " has " + has + " partitions where " + partitions
                    + " are expected: name another topic, or delete it first");
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private <T> T get(String doing, KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw BrokerException.of(servers, doing, patience, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException(doing + ": interrupted", e);
        }
    }
}
