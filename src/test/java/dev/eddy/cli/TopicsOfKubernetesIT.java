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

/** The topics of the Kubernetes overlay are those that Eddy creates with {@code topics.create=true} and that overlay's configuration. */
class TopicsOfKubernetesIT {

    private static final Path OVERLAY = Path.of("deploy/kubernetes/overlays/cluster");

    /** How safe and how long: the operator's choice, which Eddy leaves to the cluster's defaults. */
    private static final Set<String> OPERATORS = Set.of("min.insync.replicas", "retention.ms");

    @TempDir
    private Path folder;

    /** A topic as it was asked for. */
    private record Topic(int partitions, Map<String, String> configuration) {}

    @Test
    void areThoseThatEddyCreates() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            RunningCommand eddy = new RunningCommand(
                    "run",
                    "--config",
                    OVERLAY.resolve("eddy.properties").toString(),
                    "--set",
                    "bootstrap.servers=" + broker.bootstrapServers(),
                    "--set",
                    "topics.create=true",
                    "--set",
                    "state.dir=" + folder,
                    "--set",
                    "http.listen=127.0.0.1:0");
            eddy.firstLine();
            Map<String, Topic> manifests = manifests();
            RunningCommand.awaitUntil(
                    () -> names(admin).containsAll(manifests.keySet()), () -> "the topics: " + eddy.err());
            assertEquals(0, eddy.stop(), eddy.err());
            assertEquals(manifests, created(admin));
        }
    }

    private static Map<String, Topic> manifests() throws Exception {
        Map<String, Topic> topics = new TreeMap<>();
        YAMLMapper yaml = new YAMLMapper();
        List<JsonNode> objects;
        try (var documents = yaml.readerFor(JsonNode.class)
                .<JsonNode>readValues(OVERLAY.resolve("topics.yaml").toFile())) {
            objects = documents.readAll();
        }
        for (JsonNode object : objects) {
            Map<String, String> configuration = new HashMap<>();
            object.at("/spec/config").properties().forEach(entry -> {
                if (!OPERATORS.contains(entry.getKey())) {
                    configuration.put(entry.getKey(), entry.getValue().asText());
                }
            });
            topics.put(
                    object.at("/metadata/name").asText(),
                    new Topic(object.at("/spec/partitions").asInt(), configuration));
        }
        return topics;
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
