package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TopicEndTest {

    private static final TopicPartition PARTITION = new TopicPartition("models", 0);

    private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
    private final List<Long> read = new ArrayList<>();
    private long clock;

    /** A consumer of a topic of ten records, of which it is given one every ten seconds. */
    private void records(int given) {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 10L));
        consumer.seekToBeginning(List.of(PARTITION));
        for (int i = 0; i < given; i++) {
            long offset = i;
            consumer.schedulePollTask(() -> {
                clock += 10_000;
                consumer.addRecord(new ConsumerRecord<>("models", 0, offset, "key", "value"));
            });
        }
    }

    private void readTo() {
        TopicEnd.readTo(consumer, () -> clock += 500, record -> read.add(record.offset()));
    }

    @Test
    void aSlowBrokerIsWaitedForAsLongAsItComesNearer() {
        records(10);
        readTo();
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), read);
    }

    @Test
    void aBrokerThatIsGoneIsGivenUp() {
        records(3);
        assertThrows(TimeoutException.class, this::readTo);
        assertEquals(List.of(0L, 1L, 2L), read);
        assertTrue(clock > 3 * 10_000 + KafkaProperties.READER_PATIENCE_MILLIS);
    }
}
