package dev.eddy.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.SnapshotHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The value of a score record. As JSON: {@code topic}, {@code partition}, {@code offset} and {@code timestamp} of the
 * source record (0 if it has none), then {@code score}, {@code reconstructionError}, {@code kl}, {@code rapp},
 * {@code pValue}, {@code anomaly}, {@code warming} and {@code step} as in {@link Score}. A score by a published model also
 * has its {@code modelPartition} and {@code modelSha256}. A number that is not finite is {@code null}.
 *
 * @param model the published model; null for the learner's own
 */
record ScoreRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        Score score,
        @Nullable SnapshotHeader model) {

    private static final JsonFactory JSON = new JsonFactory();

    byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("topic", topic);
            out.writeNumberField("partition", partition);
            out.writeNumberField("offset", offset);
            out.writeNumberField("timestamp", timestamp);
            number(out, "score", score.score());
            number(out, "reconstructionError", score.reconstructionError());
            number(out, "kl", score.kl());
            number(out, "rapp", score.rapp());
            number(out, "pValue", score.pValue());
            out.writeBooleanField("anomaly", score.anomaly());
            out.writeBooleanField("warming", score.warming());
            out.writeNumberField("step", score.step());
            if (model != null) {
                out.writeNumberField("modelPartition", model.partition());
                out.writeStringField("modelSha256", model.sha256());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void number(JsonGenerator out, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumberField(name, value);
        } else {
            out.writeNullField(name);
        }
    }

    /** Writes {@link #json}. */
    static final class JsonSerializer implements Serializer<ScoreRecord> {

        @Override
        public byte[] serialize(String topic, ScoreRecord value) {
            return value.json();
        }
    }
}
