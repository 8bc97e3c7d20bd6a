package dev.eddy.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code kubectl apply -k} would send: every field is of its kind's schema, and the parts fit each other. */
class KubernetesTest {

    private static final String ONE_NODE = "one-node";
    private static final String CLUSTER = "cluster";
    private static final String ONE_MODEL = "cluster-one-model";

    /** The overlay as kubectl builds it. */
    private static Manifests overlay(String name) throws IOException, InterruptedException {
        Shell shell = new Shell(Map.of());
        Shell.Ended built = shell.run(List.of("kubectl", "kustomize", "deploy/kubernetes/overlays/" + name));
        assumeTrue(built.exitCode() != 127, "skipped: no kubectl on the path");
        assertEquals(0, built.exitCode(), built.out());
        return Manifests.of(built.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {ONE_NODE, CLUSTER, ONE_MODEL})
    void everyFieldIsKnownToItsSchema(String name) throws Exception {
        for (JsonNode object : overlay(name).all()) {
            String type = Manifests.type(object);
            if (type.equals("keda.sh/v1alpha1/ScaledObject")) {
                continue;
            }
            assertTrue(Manifests.hasSchema(type), type);
            Manifests.check(object);
        }
    }

    @Test
    void anUnknownFieldIsFound() throws Exception {
        JsonNode deployment = overlay(ONE_NODE).only("Deployment", "eddy").deepCopy();
        ((ObjectNode) deployment.at("/spec/template/spec/containers/0/livenessProbe")).put("treshold", 3);
        assertTrue(assertThrows(IOException.class, () -> Manifests.check(deployment))
                .getMessage()
                .contains("treshold"));
    }

    @ParameterizedTest
    @ValueSource(strings = {ONE_NODE, CLUSTER, ONE_MODEL})
    void whatTheDeploymentMountsIsThere(String name) throws Exception {
        Manifests overlay = overlay(name);
        JsonNode spec = overlay.only("Deployment", "eddy").at("/spec/template/spec");
        String config = spec.at("/volumes/0/configMap/name").asText();
        assertTrue(config.startsWith("eddy-"), "a changed configuration has another name, and rolls out: " + config);
        assertTrue(overlay.only("ConfigMap", config).path("data").has("eddy.properties"));
        assertEquals(
                "/etc/eddy", spec.at("/containers/0/volumeMounts/0/mountPath").asText());
        assertTrue(spec.at("/containers/0/args").toString().contains("--config=/etc/eddy/eddy.properties"));
        assertEquals("/cache", spec.at("/containers/0/volumeMounts/1/mountPath").asText());
    }

    /** Restoring, replaying and rebalancing are alive, but not ready: only readiness may ask for more than life. */
    @ParameterizedTest
    @ValueSource(strings = {ONE_NODE, CLUSTER, ONE_MODEL})
    void probesNeverKillWhatRestoresOrReplays(String name) throws Exception {
        JsonNode container = overlay(name).only("Deployment", "eddy").at("/spec/template/spec/containers/0");
        for (String probe : List.of("startupProbe", "livenessProbe")) {
            assertEquals(
                    "/health/live", container.at("/" + probe + "/httpGet/path").asText());
            int seconds = container.at("/" + probe + "/periodSeconds").asInt()
                    * container.at("/" + probe + "/failureThreshold").asInt();
            assertTrue(seconds >= 60, probe + " waits " + seconds + " s");
        }
        assertEquals(
                "/health/ready", container.at("/readinessProbe/httpGet/path").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {ONE_NODE, CLUSTER, ONE_MODEL})
    void itIsLockedDownAndHasTimeToEnd(String name) throws Exception {
        JsonNode spec = overlay(name).only("Deployment", "eddy").at("/spec/template/spec");
        assertTrue(spec.at("/securityContext/runAsNonRoot").asBoolean());
        assertTrue(
                spec.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean());
        assertEquals(
                "[\"ALL\"]",
                spec.at("/containers/0/securityContext/capabilities/drop").toString());
        assertTrue(spec.path("terminationGracePeriodSeconds").asInt() > 10);
        assertEquals(
                spec.at("/containers/0/resources/limits/memory"), spec.at("/containers/0/resources/requests/memory"));
    }

    @Test
    void theScalerIsCappedByThePartitionsAndShrinksSlowly() throws Exception {
        Manifests cluster = overlay(CLUSTER);
        JsonNode scaler = cluster.only("ScaledObject", "eddy").path("spec");
        JsonNode deployment = cluster.only("Deployment", "eddy");
        assertEquals("eddy", scaler.at("/scaleTargetRef/name").asText());
        assertTrue(deployment.at("/spec/replicas").isMissingNode(), "else every apply undoes what the scaler did");
        JsonNode trigger = scaler.at("/triggers/0/metadata");
        Properties config = config(cluster);
        assertEquals("kafka", scaler.at("/triggers/0/type").asText());
        assertEquals(
                config.getProperty("bootstrap.servers"),
                trigger.path("bootstrapServers").asText());
        assertEquals(
                config.getProperty("application.id"),
                trigger.path("consumerGroup").asText());
        assertEquals("false", trigger.path("allowIdleConsumers").asText());
        int partitions = cluster.only("KafkaTopic", trigger.path("topic").asText())
                .at("/spec/partitions")
                .asInt();
        int threads = deployment
                .at("/spec/template/spec/containers/0/resources/limits/cpu")
                .asInt();
        assertEquals(partitions, scaler.path("maxReplicaCount").asInt() * threads);
        JsonNode down = scaler.at("/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown");
        assertTrue(down.path("stabilizationWindowSeconds").asInt() >= 1800);
        assertEquals(1, down.at("/policies/0/value").asInt());
    }

    /** While others restart, one instance may have all partitions: 150 MB of heap and as much for each as the README says. */
    @ParameterizedTest
    @CsvSource({ONE_NODE + ",95", CLUSTER + ",95", ONE_MODEL + ",132"})
    void oneInstanceHoldsAllPartitions(String name, int megabytes) throws Exception {
        Manifests overlay = overlay(name);
        int partitions = Integer.parseInt(config(overlay).getProperty("topics.partitions"));
        String memory = overlay.only("Deployment", "eddy")
                .at("/spec/template/spec/containers/0/resources/limits/memory")
                .asText();
        assertTrue(memory.endsWith("Gi"), memory);
        double heap = 0.45 * 1024 * Integer.parseInt(memory.replace("Gi", ""));
        assertTrue(heap >= 150 + partitions * megabytes, heap + " MB for " + partitions + " partitions");
    }

    @Test
    void theInstancesAreKeptApartAndAllAreSeen() throws Exception {
        Manifests cluster = overlay(CLUSTER);
        JsonNode labels = cluster.only("Deployment", "eddy").at("/spec/template/metadata/labels");
        JsonNode spec = cluster.only("Deployment", "eddy").at("/spec/template/spec");
        assertEquals(
                labels,
                spec.at("/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0/podAffinityTerm"
                        + "/labelSelector/matchLabels"));
        JsonNode budget = cluster.only("PodDisruptionBudget", "eddy").path("spec");
        assertEquals(1, budget.path("maxUnavailable").asInt());
        assertEquals(labels, budget.at("/selector/matchLabels"));
        JsonNode monitor = cluster.only("PodMonitor", "eddy").path("spec");
        assertEquals(labels, monitor.at("/selector/matchLabels"));
        assertEquals(spec.at("/containers/0/ports/0/name"), monitor.at("/podMetricsEndpoints/0/port"));
    }

    /** As many partitions everywhere; {@code TopicsOfKubernetesIT} compares the rest with what Eddy creates. */
    @Test
    void theTopicsHaveTheirPartitionsAndReplicas() throws Exception {
        Manifests cluster = overlay(CLUSTER);
        assertEquals(ofOneModelInEach(cluster), partitions(cluster));
        Manifests oneModel = overlay(ONE_MODEL);
        Map<String, String> expected = ofOneModelInEach(oneModel);
        expected.put("eddy-sync-contributions", "1");
        expected.put("eddy-sync-weights", config(oneModel).getProperty("topics.partitions"));
        expected.put("eddy-aggregator-state-changelog", "1");
        assertEquals(expected, partitions(oneModel));
        assertTrue(Integer.parseInt(config(oneModel).getProperty("sync.every.steps")) > 0);
    }

    private static Map<String, String> ofOneModelInEach(Manifests overlay) throws IOException {
        String partitions = config(overlay).getProperty("topics.partitions");
        return new TreeMap<>(Map.of(
                "images", partitions,
                "scores", partitions,
                "anomalies", partitions,
                "samples", "1",
                "models", partitions,
                "dead-letters", partitions,
                "eddy-learner-state-changelog", partitions));
    }

    private static Map<String, String> partitions(Manifests overlay) {
        Map<String, String> counts = new TreeMap<>();
        for (JsonNode topic : overlay.all("KafkaTopic")) {
            counts.put(
                    topic.at("/metadata/name").asText(),
                    topic.at("/spec/partitions").asText());
            assertEquals(3, topic.at("/spec/replicas").asInt());
            assertEquals(2, topic.at("/spec/config/min.insync.replicas").asInt());
            assertEquals(
                    "kafka", topic.at("/metadata/labels/strimzi.io~1cluster").asText());
        }
        return counts;
    }

    private static Properties config(Manifests overlay) throws IOException {
        Properties config = new Properties();
        config.load(new StringReader(
                overlay.all("ConfigMap").get(0).at("/data/eddy.properties").asText()));
        return config;
    }
}
