package dev.eddy.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Finds the topics as the learner needs them, or creates them. */
final class Topics {

    /** What a record gains on its way to another topic: dead letters' headers, scores' JSON. */
    private static final long GAIN_BYTES = 65_536;

    /** What a chunk of a model gains: its key and the record's framing. */
    private static final long CHUNK_ENVELOPE_BYTES = 4_096;

    private static final int ATTEMPTS = 50;
    private static final long PAUSE_MILLIS = 200;

    private final Admin admin;
    private final StreamSettings settings;

    Topics(Admin admin, StreamSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * The topics as they are.
     *
     * @param messageBytes the lowest {@code max.message.bytes} of the output topics
     * @param inputPartitions partitions of the input
     */
    record Prepared(long messageBytes, int inputPartitions) {}

    /**
     * Creates what is missing and may be created, and checks what is there.
     *
     * @return what else the topology has to know of them
     * @throws StreamStartException if a topic is missing, has the wrong partition count or clean-up, or the cluster does
     *     not answer
     */
    Prepared prepare() throws StreamStartException {
        TopicNames names = settings.topics();
        Map<String, TopicDescription> present = present();
        int partitions;
        if (present.containsKey(names.input())) {
            partitions = partitions(present, names.input());
        } else {
            partitions = settings.inputPartitions();
            create(List.of(new NewTopic(names.input(), Optional.of(partitions), Optional.empty())));
        }
        check(present, partitions);
        Map<String, String> output = Map.of(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Long.toString(messageBytes(List.of(names.input())) + GAIN_BYTES),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, // of an old image's record retention would take at once
                "LogAppendTime");
        List<NewTopic> missing = new ArrayList<>();
        for (String name : outputs()) {
            if (!present.containsKey(name)) {
                int count = name.equals(names.samples()) ? 1 : partitions;
                missing.add(new NewTopic(name, Optional.of(count), Optional.empty()).configs(output));
            }
        }
        if (settings.synchronises()) {
            for (String name : SyncTopics.all(settings.applicationId())) {
                if (!present.containsKey(name)) {
                    int count = name.equals(weights()) ? partitions : 1;
                    missing.add(new NewTopic(name, Optional.of(count), Optional.empty())
                            .configs(LearnerStore.changelog(settings.learner())));
                }
            }
        }
        if (!names.models().isEmpty() && !present.containsKey(names.models())) {
            missing.add(new NewTopic(names.models(), Optional.of(partitions), Optional.empty())
                    .configs(LearnerStore.changelog(settings.learner())));
        }
        create(missing);
        if (!names.models().isEmpty()) {
            checkModels(names.models());
        }
        if (settings.synchronises()) {
            for (String name : SyncTopics.all(settings.applicationId())) {
                checkCompacted(describe(name), name, "set it to compact");
            }
        }
        return new Prepared(messageBytes(outputs()), partitions);
    }

    /** Weights must not expire, and their chunks must fit. */
    private void checkModels(String topic) throws StreamStartException {
        Config config = describe(topic);
        checkCompacted(config, topic, "set it to compact, name another models.topic, or none with models.topic=");
        long needed = settings.snapshotChunkBytes() + CHUNK_ENVELOPE_BYTES;
        String limit = value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (!limit.isEmpty() && Long.parseLong(limit) < needed) {
            throw new StreamStartException("topic " + topic + " takes messages of " + limit + " bytes: set its "
                    + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + " to " + needed + " or more");
        }
    }

    private static void checkCompacted(Config config, String topic, String remedy) throws StreamStartException {
        String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StreamStartException("topic " + topic + " has cleanup.policy=" + policy + ": " + remedy);
        }
    }

    private Config describe(String topic) throws StreamStartException {
        return describe(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic))).values().stream()
                .findFirst()
                .orElseThrow();
    }

    private static String value(Config config, String key) {
        ConfigEntry entry = config.get(key);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private List<String> outputs() {
        TopicNames names = settings.topics();
        return settings.trains()
                ? List.of(names.scores(), names.anomalies(), names.samples(), names.deadLetters())
                : List.of(names.scores(), names.anomalies(), names.deadLetters());
    }

    private String weights() {
        return SyncTopics.weights(settings.applicationId());
    }

    private void check(Map<String, TopicDescription> present, int partitions) throws StreamStartException {
        String input = settings.topics().input();
        String scores = settings.topics().scores();
        if (present.containsKey(scores) && partitions(present, scores) != partitions) {
            throw new StreamStartException("topic " + scores + " has " + partitions(present, scores)
                    + " partitions, the input " + input + " has " + partitions
                    + ": give both the same count, or name another scores.topic");
        }
        if (present.containsKey(weights()) && partitions(present, weights()) != partitions) {
            throw new StreamStartException("topic " + weights() + " has " + partitions(present, weights())
                    + " partitions, the input " + input + " has " + partitions
                    + ": start anew with --reset or with another application.id");
        }
        String contributions = SyncTopics.contributions(settings.applicationId());
        if (present.containsKey(contributions) && partitions(present, contributions) != 1) {
            throw new StreamStartException("topic " + contributions + " has " + partitions(present, contributions)
                    + " partitions, the aggregator needs one: start anew with --reset or with another application.id");
        }
        String changelog = LearnerStore.changelogTopic(settings.applicationId());
        if (present.containsKey(changelog) && partitions(present, changelog) != partitions) {
            throw new StreamStartException("the learner was run on " + partitions(present, changelog)
                    + " partitions, the input " + input + " now has " + partitions
                    + ": start anew with --reset or with another application.id");
        }
    }

    private static int partitions(Map<String, TopicDescription> present, String name) {
        TopicDescription description = present.get(name);
        return description == null ? 0 : description.partitions().size();
    }

    private Map<String, TopicDescription> present() throws StreamStartException {
        Set<String> existing = await(admin.listTopics().names());
        List<String> wanted = new ArrayList<>(outputs());
        wanted.add(settings.topics().input());
        wanted.add(settings.topics().models());
        wanted.add(LearnerStore.changelogTopic(settings.applicationId()));
        wanted.addAll(SyncTopics.all(settings.applicationId()));
        wanted.retainAll(existing);
        return new HashMap<>(await(admin.describeTopics(wanted).allTopicNames()));
    }

    private void create(List<NewTopic> missing) throws StreamStartException {
        if (!missing.isEmpty() && !settings.createTopics()) {
            throw new StreamStartException(
                    "topic " + missing.get(0).name() + " does not exist: create it, or set topics.create=true");
        }
        for (Map.Entry<String, KafkaFuture<Void>> created :
                admin.createTopics(missing).values().entrySet()) {
            try {
                await(created.getValue());
            } catch (StreamStartException e) {
                if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
                    throw new StreamStartException("topic " + created.getKey() + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private long messageBytes(List<String> topics) throws StreamStartException {
        List<ConfigResource> resources = topics.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        long least = Long.MAX_VALUE;
        for (Config config : describe(resources).values()) {
            ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (entry != null) {
                least = Math.min(least, Long.parseLong(entry.value()));
            }
        }
        return least;
    }

    /** A broker may learn of a topic a moment after another one has created it. */
    private Map<ConfigResource, Config> describe(List<ConfigResource> resources) throws StreamStartException {
        for (int attempt = 1; ; attempt++) {
            try {
                return await(admin.describeConfigs(resources).all());
            } catch (StreamStartException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == ATTEMPTS) {
                    throw e;
                }
                pause(PAUSE_MILLIS);
            }
        }
    }

    /** Waits before the cluster is asked again. */
    static void pause(long millis) throws StreamStartException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamStartException("interrupted while asking the cluster", e);
        }
    }

    /** The answer, or what the cluster has against it in one line; its own exception is the cause. */
    <T> T await(KafkaFuture<T> answer) throws StreamStartException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StreamStartException(explained(cause), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamStartException("interrupted while asking the cluster", e);
        } catch (KafkaException e) {
            throw new StreamStartException(explained(e), e);
        }
    }

    private String explained(Throwable cause) {
        return explained(settings, cause);
    }

    /** What a cluster's refusal or silence means, in one line with the remedy. */
    static String explained(StreamSettings settings, Throwable cause) {
        String servers = String.valueOf(settings.kafka().get("bootstrap.servers"));
        if (cause instanceof TimeoutException) {
            return "no answer from " + servers + ": is the broker running, and do address and security.protocol fit?";
        }
        if (cause instanceof AuthenticationException) {
            return servers + " refuses the connection: " + cause.getMessage()
                    + " (check the credentials and truststore)";
        }
        if (cause instanceof AuthorizationException) {
            return servers + " does not permit it: " + cause.getMessage() + " (grant the ACL)";
        }
        return servers + ": " + reason(cause);
    }

    /** Clients wrap what is wrong with a setting in exceptions that say no more than that there is no client. */
    private static String reason(Throwable thrown) {
        Throwable last = thrown; // of Kafka's
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            last = next instanceof KafkaException ? next : last;
        }
        String message = last.getMessage();
        String said = message == null || message.isEmpty() ? last.getClass().getSimpleName() : message;
        Throwable behind = last.getCause();
        return behind == null
                ? said
                : "%s (%s: %s); check the settings sasl.* and ssl.*"
                        .formatted(said, behind.getClass().getSimpleName(), behind.getMessage());
    }
}
