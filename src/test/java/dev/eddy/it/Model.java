package dev.eddy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A partition as {@code models --json} tells of it. */
record Model(int partition, long step, long nextOffset, long round, String sha256) {

    /**
     * Runs the command.
     *
     * @param folder for its outputs
     */
    static List<Model> read(Path folder, Path config) throws IOException {
        try (JarProcess command = JarProcess.start(
                folder, List.of("-Xmx512m"), List.of("models", "--config", config.toString(), "--json"))) {
            if (command.exitCode() != 0) {
                throw new AssertionError("models" + command.tail());
            }
            List<Model> models = new ArrayList<>();
            for (JsonNode model : new ObjectMapper().readTree(command.out()).required("partitions")) {
                models.add(new Model(
                        model.required("partition").asInt(),
                        model.required("step").asLong(),
                        model.required("nextOffset").asLong(),
                        model.required("round").asLong(),
                        model.required("sha256").asText()));
            }
            return models;
        }
    }
}
