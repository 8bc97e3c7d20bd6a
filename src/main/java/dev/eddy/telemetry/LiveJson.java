package dev.eddy.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The page's data as JSON. Times are Unix milliseconds; series are columns of equal length, as uPlot takes them; what is
 * not a number is null. Pictures are named by id, to be had under {@code /api/images/}.
 */
final class LiveJson {

    private static final JsonFactory JSON = new JsonFactory();

    private LiveJson() {}

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not from memory
        }
        return out.toByteArray();
    }

    static byte[] health(Health health) {
        return bytes(json -> health(json, health));
    }

    /**
     * Everything that the page shows.
     *
     * @param day a point a minute for a day, instead of a point a second for a quarter of an hour
     * @param sinceMillis only points later than this
     */
    static byte[] live(LiveData live, boolean day, long sinceMillis) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("application", live.applicationId());
            json.writeNumberField("started", live.startedMillis());
            json.writeNumberField("now", live.nowMillis());
            number(json, "alpha", live.alpha());
            json.writeFieldName("health");
            health(json, live.health());
            totals(json, live.sampler().totals());
            series(json, (day ? live.sampler().day() : live.sampler().recent()).since(sinceMillis));
            distribution(json, live.sampler().distribution());
            json.writeArrayFieldStart("partitions");
            for (PartitionMeters p : live.partitions()) {
                partition(json, p);
            }
            json.writeEndArray();
            labels(json, live.labels());
            pictures(json, "anomalies", live.anomalies());
            pictures(json, "vae", live.samples("vae"));
            pictures(json, "gan", live.samples("gan"));
            pictures(json, "reconstructions", live.reconstructions());
            marks(json, live.marks());
            json.writeEndObject();
        });
    }

    private static void health(JsonGenerator json, Health health) throws IOException {
        json.writeStartObject();
        json.writeStringField("state", health.state());
        json.writeBooleanField("live", health.live());
        json.writeBooleanField("ready", health.ready());
        json.writeStringField("detail", health.detail());
        json.writeEndObject();
    }

    private static void totals(JsonGenerator json, Sampler.Totals totals) throws IOException {
        json.writeObjectFieldStart("totals");
        number(json, "received", totals.received());
        number(json, "scored", totals.scored());
        number(json, "calibrated", totals.calibrated());
        number(json, "anomalous", totals.anomalous());
        number(json, "deadLettered", totals.deadLettered());
        json.writeEndObject();
    }

    private static void series(JsonGenerator json, List<History.Point> points) throws IOException {
        json.writeObjectFieldStart("series");
        json.writeArrayFieldStart("time");
        for (History.Point point : points) {
            json.writeNumber(point.millis());
        }
        json.writeEndArray();
        for (History.Column column : History.Column.values()) {
            json.writeArrayFieldStart(camelCase(column));
            for (History.Point point : points) {
                number(json, point.values().getOrDefault(column, Double.NaN));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void distribution(JsonGenerator json, long[] counts) throws IOException {
        json.writeObjectFieldStart("distribution");
        number(json, "lowest", ScoreBins.LOWEST);
        number(json, "width", ScoreBins.WIDTH);
        json.writeFieldName("counts");
        json.writeArray(counts, 0, counts.length);
        json.writeEndObject();
    }

    private static void partition(JsonGenerator json, PartitionMeters p) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", p.topic());
        json.writeNumberField("partition", p.partition());
        json.writeStringField("state", p.state().state());
        json.writeBooleanField("trainingStopped", p.state().isTrainingStopped());
        number(json, "step", p.steps().modelStep());
        number(json, "lag", p.state().lag() < 0 ? Double.NaN : p.state().lag());
        number(json, "replayRemaining", (double) p.recovery().replayRemaining());
        number(json, "received", p.records().receivedCount());
        number(json, "anomalous", p.records().anomalousCount());
        number(json, "driftEvidence", p.drift().evidence());
        RecoveryMeters.@Nullable Snapshot snapshot = p.recovery().snapshot();
        number(json, "snapshotStep", snapshot == null ? Double.NaN : snapshot.step());
        number(json, "snapshotTime", snapshot == null ? Double.NaN : snapshot.wallClockMillis());
        number(json, "snapshotBytes", snapshot == null ? Double.NaN : snapshot.bytes());
        json.writeEndObject();
    }

    private static void labels(JsonGenerator json, List<Labels.Count> labels) throws IOException {
        json.writeArrayFieldStart("labels");
        for (Labels.Count count : labels) {
            json.writeStartObject();
            json.writeStringField("label", count.label());
            number(json, "scored", count.scored());
            number(json, "anomalous", count.anomalous());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void pictures(JsonGenerator json, String name, List<Gallery.Picture> pictures) throws IOException {
        json.writeArrayFieldStart(name);
        for (Gallery.Picture picture : pictures) {
            json.writeStartObject();
            json.writeNumberField("id", picture.id());
            json.writeNumberField("time", picture.millis());
            if (picture.partition() >= 0) {
                json.writeStringField("topic", picture.topic());
                json.writeNumberField("partition", picture.partition());
                json.writeNumberField("offset", picture.position());
                number(json, "score", picture.score());
                number(json, "pValue", picture.pValue());
            } else if (picture.position() >= 0) {
                json.writeNumberField("step", picture.position());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void marks(JsonGenerator json, List<LiveData.Mark> marks) throws IOException {
        json.writeArrayFieldStart("drifts");
        for (LiveData.Mark mark : marks) {
            json.writeStartObject();
            json.writeNumberField("time", mark.millis());
            json.writeStringField("topic", mark.topic());
            json.writeNumberField("partition", mark.partition());
            json.writeNumberField("step", mark.step());
            json.writeStringField("detail", mark.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        number(json, value);
    }

    /** Seven digits are more than a plot shows, and half the bytes. */
    private static void number(JsonGenerator json, double value) throws IOException {
        if (!Double.isFinite(value)) {
            json.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber((float) value);
        }
    }

    /** VAE_LOSS as vaeLoss. */
    private static String camelCase(History.Column column) {
        StringBuilder name = new StringBuilder();
        for (String word : column.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
