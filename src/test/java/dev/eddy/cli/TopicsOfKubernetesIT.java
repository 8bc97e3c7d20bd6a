package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics of a Kubernetes overlay are those that Eddy creates with {@code topics.create=true} and its configuration. */
class TopicsOfKubernetesIT {

    private static final Path OVERLAYS = Path.of("deploy/kubernetes/overlays");

    /** How safe and how long: the operator's choice, which Eddy leaves to the cluster's defaults. */
    private static final Set<String> OPERATORS = Set.of("min.insync.replicas", "retention.ms");

    @TempDir
    private Path folder;

    /** A topic as it was asked for. */
    private record Topic(int partitions, Map<String, String> configuration) {}

    @Test
    void areThoseThatEddyCreates() throws Exception {
        areThoseThatEddyCreates("cluster", "cluster/topics.yaml");
    }

    @Test
    void ofOneModelAreThoseThatEddyCreates() throws Exception {
        areThoseThatEddyCreates(
                "cluster-one-model",
                "cluster/topics.yaml",
                "cluster-one-model/topics.yaml",
                "cluster-one-model/segments.yaml");
    }

    /** @param files of topics, and of changes to topics of those before */
    private void areThoseThatEddyCreates(String overlay, String... files) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            RunningCommand eddy = new RunningCommand(
                    "run",
                    "--config",
                    OVERLAYS.resolve(overlay).resolve("eddy.properties").toString(),
                    "--set",
                    "bootstrap.servers=" + broker.bootstrapServers(),
                    "--set",
                    "topics.create=true",
                    "--set",
                    "state.dir=" + folder,
                    "--set",
                    "http.listen=127.0.0.1:0");
            eddy.firstLine();
            Map<String, Topic> manifests = manifests(files);
            RunningCommand.awaitUntil(
                    () -> names(admin).containsAll(manifests.keySet()), () -> "the topics: " + eddy.err());
            assertEquals(0, eddy.stop(), eddy.err());
            assertEquals(manifests, created(admin));
        }
    }

    private static Map<String, Topic> manifests(String... files) throws Exception {
        Map<String, Topic> topics = new TreeMap<>();
        YAMLMapper yaml = new YAMLMapper();
        for (String file : files) {
            try (var documents = yaml.readerFor(JsonNode.class)
                    .<JsonNode>readValues(OVERLAYS.resolve(file).toFile())) {
                for (JsonNode object : documents.readAll()) {
                    topics.merge(object.at("/metadata/name").asText(), topic(object), TopicsOfKubernetesIT::merged);
                }
            }
        }
        return topics;
    }

    private static Topic topic(JsonNode object) {
        Map<String, String> configuration = new HashMap<>();
        object.at("/spec/config").properties().forEach(entry -> {
            if (!OPERATORS.contains(entry.getKey())) {
                configuration.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return new Topic(object.at("/spec/partitions").asInt(), configuration);
    }

    private static Topic merged(Topic before, Topic change) {
        Map<String, String> configuration = new HashMap<>(before.configuration());
        configuration.putAll(change.configuration());
        return new Topic(before.partitions(), configuration);
    }

    private static Map<String, Topic> created(Admin admin) throws Exception {
        Map<String, Topic> topics = new TreeMap<>();
        for (TopicDescription topic :
                admin.describeTopics(names(admin)).allTopicNames().get().values()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            Map<String, String> configuration = new HashMap<>();
            Config described = admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next();
            for (ConfigEntry entry : described.entries()) {
                if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                    configuration.put(entry.name(), entry.value());
                }
            }
            topics.put(topic.name(), new Topic(topic.partitions().size(), configuration));
        }
        return topics;
    }

    private static Set<String> names(Admin admin) {
        try {
            return admin.listTopics().names().get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
