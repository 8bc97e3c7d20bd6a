package dev.eddy.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A record's own timestamp; 0 for a record that has none or a negative one, which Kafka Streams would drop or die of. A
 * constant and not the time of day, so that a record has the same one whenever it is read.
 */
final class RecordTimestamp implements TimestampExtractor {

    static long of(long timestamp) {
        return Math.max(0, timestamp);
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return of(record.timestamp());
    }
}
