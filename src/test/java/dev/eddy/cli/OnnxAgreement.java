package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.exchange.OnnxNetwork;
import dev.eddy.learn.Learner;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.stream.SnapshotReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** ONNX Runtime makes of real images, with what was exported after a {@link RunScenario}, what Eddy has made of them. */
final class OnnxAgreement {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double CLOSE = 1e-4;

    private final String servers;
    private final Path folder;
    private final String config;
    private final Map<String, byte[]> images = new HashMap<>();

    /** @param folder of the scenario */
    OnnxAgreement(String servers, Path folder) {
        this.servers = servers;
        this.folder = folder;
        this.config = folder.resolve("eddy.properties").toString();
    }

    /**
     * Compares scorers from the snapshot and from the models topic with three things: the learner's own scores, of those
     * images that it scored with its last model; the scores of a scorer with that model; and that model, restored.
     *
     * @param scoredAgain topic of the scorer's scores
     */
    void holds(String scoredAgain) throws Exception {
        Records.of(servers, "images", RunScenario.RECORDS)
                .forEach(image -> images.put(image.partition() + "/" + image.offset(), image.value()));
        List<JsonNode> learners = scores("scores");
        List<JsonNode> scorers = scores(scoredAgain);
        EddyConfig learned = new ConfigOptions().read(Path.of(config), Map.of());
        for (String from : List.of("snapshot", "models")) {
            Path out = folder.resolve("onnx-from-" + from);
            CommandLineOf exported = CommandLineOf.run(
                    "export", "--config", config, "--format", "onnx", "--from", from, "--out", out.toString());
            assertEquals(0, exported.exitCode(), exported.err());
            int[] compared = new int[2];
            SnapshotReader.read(learned.stream(), (header, learner) -> {
                Path file = out.resolve("images-" + header.partition() + "-scorer.onnx");
                try (OnnxNetwork scorer = new OnnxNetwork(Files.readAllBytes(file))) {
                    compared[0] += compare(scorer, learner, byLastModel(learners, header));
                    compared[1] += compare(scorer, learner, byLastModel(scorers, header));
                    compareReconstructions(scorer, learner);
                } catch (Exception e) {
                    throw new AssertionError(file.toString(), e);
                }
            });
            // A partition of whole batches has none; of all partitions' images some are left over.
            assertTrue(compared[0] > 0, "scores of the learner by its last model");
            assertEquals(scorers.size(), compared[1]);
        }
    }

    private List<JsonNode> scores(String topic) throws Exception {
        List<JsonNode> scores = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : Records.of(servers, topic, RunScenario.IMAGES)) {
            scores.add(JSON.readTree(record.value()));
        }
        return scores;
    }

    private byte[] image(JsonNode score) {
        String place = score.required("partition") + "/" + score.required("offset");
        return Objects.requireNonNull(images.get(place), place);
    }

    private static List<JsonNode> byLastModel(List<JsonNode> all, SnapshotHeader header) {
        return all.stream()
                .filter(score -> score.required("partition").asInt() == header.partition()
                        && score.required("step").asLong() == header.step())
                .toList();
    }

    /** How many scores it has compared. */
    private int compare(OnnxNetwork scorer, Learner learner, List<JsonNode> expected) throws Exception {
        if (expected.isEmpty()) {
            return 0;
        }
        OnnxNetwork.Outputs outputs = scorer.run(
                learner.config().geometry(), expected.stream().map(this::image).toList());
        for (int row = 0; row < expected.size(); row++) {
            JsonNode score = expected.get(row);
            String where = score.toString();
            double main = score.required("score").asDouble();
            assertEquals(main, outputs.floats("score")[row], CLOSE, where);
            for (String nats : List.of("reconstructionError", "kl", "rapp")) {
                double value = score.required(nats).asDouble();
                assertEquals(value, outputs.floats(nats)[row], CLOSE * Math.max(1, value), where);
            }
            assertEquals(
                    score.required("pValue").asDouble(),
                    outputs.floats("pValue")[row],
                    OnnxNetwork.closeRanks(learner.scale(), main, CLOSE),
                    where);
            if (Math.abs(main - learner.scale().threshold()) > CLOSE) {
                assertEquals(score.required("anomaly").asBoolean(), outputs.booleans("anomaly")[row], where);
            }
        }
        return expected.size();
    }

    private void compareReconstructions(OnnxNetwork scorer, Learner learner) throws Exception {
        List<byte[]> some = images.values().stream()
                .filter(image -> image.length == learner.config().geometry().size())
                .limit(learner.config().batchSize() - 1)
                .toList();
        OnnxNetwork.Outputs outputs = scorer.run(learner.config().geometry(), some);
        for (int row = 0; row < some.size(); row++) {
            learner.add(some.get(row));
            assertArrayEquals(learner.reconstruction(row), outputs.row("reconstruction", row), (float) CLOSE);
        }
        learner.discard();
    }
}
