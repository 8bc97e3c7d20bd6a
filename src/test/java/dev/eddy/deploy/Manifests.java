package dev.eddy.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The objects that a kustomization comes to. */
final class Manifests {

    /** What the projects that define these kinds generate from their schemas. KEDA publishes none for Java. */
    private static final Map<String, Class<?>> SCHEMAS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "apps/v1/Deployment", Deployment.class,
            "apps/v1/StatefulSet", StatefulSet.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
            "kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class);

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final YAMLMapper STRICT = strict();

    private final List<JsonNode> objects;

    private Manifests(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** Reads YAML documents. */
    static Manifests of(String yaml) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Manifests(documents.readAll());
        }
    }

    List<JsonNode> all() {
        return objects;
    }

    /** All objects of a kind. */
    List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The object of a kind and name. */
    JsonNode only(String kind, String name) {
        List<JsonNode> found = all(kind).stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + kind + " " + name);
        }
        return found.get(0);
    }

    /** What this object's kind and version is called in {@link #hasSchema}. */
    static String type(JsonNode object) {
        return object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    }

    static boolean hasSchema(String type) {
        return SCHEMAS.containsKey(type);
    }

    /** @throws IOException that names the field, if one is unknown or its value of another type */
    static void check(JsonNode object) throws IOException {
        STRICT.readerFor(SCHEMAS.get(type(object))).readValue(YAML.treeAsTokens(object));
    }

    /** The models keep unknown fields aside; here they are errors. */
    private static YAMLMapper strict() {
        YAMLMapper mapper = new YAMLMapper();
        mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        mapper.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
            @Override
            public Boolean hasAnySetter(Annotated annotated) {
                return false;
            }
        });
        return mapper;
    }
}
