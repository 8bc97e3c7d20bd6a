package dev.eddy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.backtest.Roc;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the scores as any other program would, committed ones only, and judges them by a header that says which images
 * were damaged. Not thread-safe.
 */
final class ScoreFollower implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String damageHeader;
    private final List<Double> ordinary = new ArrayList<>();
    private final List<Double> damaged = new ArrayList<>();
    private long scored;
    private long firstNanos;
    private long lastNanos;

    /** Follows a topic that exists, from its beginning. */
    ScoreFollower(String bootstrapServers, String topic, String damageHeader) {
        this.damageHeader = damageHeader;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what there is, waiting for it at most so long. */
    void poll(Duration atMost) {
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(atMost)) {
            lastNanos = System.nanoTime();
            if (scored++ == 0) {
                firstNanos = lastNanos;
            }
            judge(next);
        }
    }

    private void judge(ConsumerRecord<byte[], byte[]> scoreRecord) {
        JsonNode score;
        try {
            score = JSON.readTree(new String(scoreRecord.value(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw CommandException.failure("a score that is no JSON at offset " + scoreRecord.offset(), e);
        }
        if (!score.path("warming").asBoolean() && score.path("score").isNumber()) {
            boolean isDamaged = scoreRecord.headers().lastHeader(damageHeader) != null;
            (isDamaged ? damaged : ordinary).add(score.path("score").asDouble());
        }
    }

    /** Scores read. */
    long scored() {
        return scored;
    }

    /** {@link System#nanoTime} of the first score's arrival, 0 before it. */
    long firstNanos() {
        return firstNanos;
    }

    /** {@link System#nanoTime} of the last score's arrival, 0 before the first. */
    long lastNanos() {
        return lastNanos;
    }

    /** How well the scores after the warm-up tell the damaged images; NaN if they cannot be judged. */
    double auroc() {
        Roc roc = Roc.of(array(ordinary), array(damaged));
        return roc == null ? Double.NaN : roc.area();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
