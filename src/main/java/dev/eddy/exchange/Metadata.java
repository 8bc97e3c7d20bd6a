package dev.eddy.exchange;

import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.SnapshotHeader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model says of itself, as the texts that every format has room for:
 *
 * <pre>
 * eddy.topic, eddy.partition   the log that it was trained on
 * eddy.step                    micro-batches trained on
 * eddy.nextOffset              the first record not trained on
 * eddy.createdAt               ISO 8601, UTC
 * eddy.codeVersion             the release that trained it
 * eddy.sha256                  of the weights
 * eddy.threshold               images with a score over it are anomalies; Infinity while warming
 * eddy.configuration           lines key=value, as in the configuration file
 * eddy.lineage                 lines, oldest first: what happened to the model that is no function of the log
 * </pre>
 */
final class Metadata {

    private static final String PREFIX = "eddy.";

    private Metadata() {}

    static Map<String, String> of(SnapshotHeader header) {
        Map<String, String> texts = new TreeMap<>();
        texts.put(PREFIX + "topic", header.topic());
        texts.put(PREFIX + "partition", Integer.toString(header.partition()));
        texts.put(PREFIX + "step", Long.toString(header.step()));
        texts.put(PREFIX + "nextOffset", Long.toString(header.nextOffset()));
        texts.put(
                PREFIX + "createdAt",
                Instant.ofEpochMilli(header.createdAtMillis()).toString());
        texts.put(PREFIX + "codeVersion", header.codeVersion());
        texts.put(PREFIX + "sha256", header.sha256());
        texts.put(PREFIX + "threshold", Double.toString(header.threshold()));
        texts.put(PREFIX + "configuration", header.configuration().text());
        texts.put(PREFIX + "lineage", String.join("\n", header.lineage()));
        return texts;
    }

    /** @throws ModelFileException if one is missing or is not what {@link #of} writes */
    static SnapshotHeader header(Map<String, String> texts) {
        try {
            return new SnapshotHeader(
                    text(texts, "topic"),
                    Integer.parseInt(text(texts, "partition")),
                    0,
                    Long.parseLong(text(texts, "step")),
                    Long.parseLong(text(texts, "nextOffset")),
                    Instant.parse(text(texts, "createdAt")).toEpochMilli(),
                    text(texts, "codeVersion"),
                    text(texts, "sha256"),
                    Double.parseDouble(text(texts, "threshold")),
                    Fingerprint.parse(text(texts, "configuration")),
                    List.of(text(texts, "lineage").split("\n")));
        } catch (NumberFormatException | DateTimeException e) {
            throw new ModelFileException("its metadata is damaged: " + e.getMessage(), e);
        }
    }

    private static String text(Map<String, String> texts, String key) {
        String text = texts.get(PREFIX + key);
        if (text == null) {
            throw new ModelFileException("its metadata has no " + PREFIX + key + ": Eddy did not export it");
        }
        return text;
    }
}
