package dev.eddy.stream;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The end that the partitions of a topic have now. */
final class TopicEnd {

    private static final Duration GLANCE = Duration.ofMillis(500);

    private TopicEnd() {}

    /**
     * Reads the partitions that the consumer is assigned to, from where it stands to the end.
     *
     * @throws TimeoutException if it comes no nearer for {@link KafkaProperties#READER_PATIENCE_MILLIS}: a consumer
     *     itself waits for ever for records that are there and cannot be fetched
     */
    static <K, V> void readTo(
            Consumer<K, V> consumer,
            LongSupplier clockMillis,
            java.util.function.Consumer<ConsumerRecord<K, V>> handler) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long best = Long.MAX_VALUE;
        long deadline = Long.MAX_VALUE;
        for (long left = left(consumer, ends); left > 0; left = left(consumer, ends)) {
            long now = clockMillis.getAsLong();
            if (left < best) {
                best = left;
                deadline = now + KafkaProperties.READER_PATIENCE_MILLIS;
            } else if (now >= deadline) {
                throw new TimeoutException(left + " offsets before the end, no records come");
            }
            consumer.poll(GLANCE).forEach(handler);
        }
    }

    private static long left(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }
}
