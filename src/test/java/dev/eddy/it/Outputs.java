package dev.eddy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.learn.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Header;

/** Reads what a learner publishes and tells the guarantees of it. Used by one thread. */
final class Outputs implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Guarantee> guarantees;
    private final TopicReader scores;
    private final TopicReader uncommitted;
    private final TopicReader letters;
    private final Map<Integer, Long> scoredThrough = new HashMap<>();
    private final Set<Place> scored = new HashSet<>();
    private final Set<Place> deadLettered = new HashSet<>();
    private long scoresSeen;

    Outputs(String bootstrapServers, int partitions, List<Guarantee> guarantees) {
        this.guarantees = guarantees;
        this.scores = new TopicReader(bootstrapServers, "scores", partitions, IsolationLevel.READ_COMMITTED);
        this.uncommitted = new TopicReader(bootstrapServers, "scores", partitions, IsolationLevel.READ_UNCOMMITTED);
        this.letters = new TopicReader(bootstrapServers, "dead-letters", partitions, IsolationLevel.READ_COMMITTED);
    }

    /** Reads on: whether anything new was there, be it committed or not. */
    boolean poll() {
        int read = scores.poll(Duration.ofMillis(10), this::score);
        read += letters.poll(Duration.ZERO, this::letter);
        read += uncommitted.poll(Duration.ofMillis(10), record -> {
            JsonNode value = json(record);
            scoredThrough.merge(
                    value.required("partition").asInt(),
                    value.required("offset").asLong() + 1,
                    Math::max);
        });
        return read > 0;
    }

    private void score(ConsumerRecord<byte[], byte[]> record) {
        scoresSeen++;
        Scored score = scored(record);
        scored.add(new Place(score.partition(), score.offset()));
        guarantees.forEach(guarantee -> guarantee.scored(score));
    }

    /** A record of the scores. */
    static Scored scored(ConsumerRecord<byte[], byte[]> record) {
        JsonNode value = json(record);
        return new Scored(
                value.required("partition").asInt(),
                value.required("offset").asLong(),
                record.partition(),
                record.key(),
                new Score(
                        number(value, "score"),
                        number(value, "reconstructionError"),
                        number(value, "kl"),
                        number(value, "rapp"),
                        number(value, "pValue"),
                        value.required("anomaly").asBoolean(),
                        value.required("warming").asBoolean(),
                        value.required("step").asLong()));
    }

    private void letter(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = new DeadLetter(
                Integer.parseInt(header(record, "__streams.errors.partition")),
                Long.parseLong(header(record, "__streams.errors.offset")),
                record.key(),
                record.value());
        deadLettered.add(new Place(letter.partition(), letter.offset()));
        guarantees.forEach(guarantee -> guarantee.deadLettered(letter));
    }

    /** A header as text; fails without it. */
    static String header(ConsumerRecord<byte[], byte[]> record, String key) {
        Header header = record.headers().lastHeader(key);
        if (header == null) {
            throw new AssertionError("record without header " + key);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double number(JsonNode value, String field) {
        JsonNode number = value.required(field);
        return number.isNull() ? Double.NaN : number.asDouble();
    }

    /** Scores read, all of them committed, duplicates included. */
    long scoresSeen() {
        return scoresSeen;
    }

    /** Records with a score, committed. */
    long scored() {
        return scored.size();
    }

    /** Records with a dead letter, committed. */
    long deadLettered() {
        return deadLettered.size();
    }

    /** Whether a record has its score or dead letter. */
    boolean has(Sent sent) {
        return (sent.valid() ? scored : deadLettered).contains(new Place(sent.partition(), sent.offset()));
    }

    /** The highest offsets that have a score, committed or not, summed over the partitions. */
    long progress() {
        return scoredThrough.values().stream().mapToLong(offset -> offset).sum();
    }

    /** Whether all that was ever published has been read. */
    boolean areAtEnd() {
        return scores.isAtEnd() && letters.isAtEnd();
    }

    @Override
    public void close() {
        scores.close();
        uncommitted.close();
        letters.close();
    }
}
