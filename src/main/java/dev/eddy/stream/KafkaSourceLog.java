package dev.eddy.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A partition of the input on a cluster, read by a consumer that is in no group and has the topology's isolation level.
 * Under exactly-once the committed offset is asked for with {@code requireStable} (KIP-447): a transaction that still
 * holds offsets of a former owner is waited for.
 */
final class KafkaSourceLog implements SourceLog {

    private static final int REQUEST_MILLIS = 5_000;
    private static final long UNDECIDED_NANOS = 10_000_000;

    private final Admin admin;
    private final Map<String, Object> consumerConfig;
    private final String group;
    private final TopicPartition partition;

    /**
     * @param admin shared, not closed here
     * @param consumerConfig with the topology's isolation level
     */
    KafkaSourceLog(Admin admin, Map<String, Object> consumerConfig, String group, TopicPartition partition) {
        this.admin = admin;
        this.consumerConfig = consumerConfig;
        this.group = group;
        this.partition = partition;
    }

    @Override
    public OptionalLong committedOffset() {
        long deadline = System.nanoTime() + REQUEST_MILLIS * 1_000_000L;
        try {
            while (true) {
                Map<TopicPartition, @Nullable OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                                Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))),
                                new ListConsumerGroupOffsetsOptions()
                                        .requireStable(true)
                                        .timeoutMs(REQUEST_MILLIS))
                        .partitionsToOffsetAndMetadata(group)
                        .get();
                if (offsets.containsKey(partition)) {
                    OffsetAndMetadata committed = offsets.get(partition);
                    return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
                }
                // The client leaves out what a transaction still decides on, which takes milliseconds.
                if (System.nanoTime() > deadline) {
                    throw unavailable(
                            "committed offset of " + partition, new UnstableOffsetCommitException("undecided"));
                }
                LockSupport.parkNanos(UNDECIDED_NANOS);
            }
        } catch (ExecutionException e) {
            throw unavailable("committed offset of " + partition, e.getCause() instanceof KafkaException k ? k : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    @Override
    public Reader read(long from) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(List.of(partition));
            long beginning = offset(consumer.beginningOffsets(List.of(partition), patience()));
            long end = offset(consumer.endOffsets(List.of(partition), patience()));
            consumer.seek(partition, Math.max(beginning, Math.min(from, end)));
            return new ConsumerReader(consumer, end);
        } catch (KafkaException e) {
            close(consumer);
            throw unavailable("offsets of " + partition, e);
        }
    }

    private long offset(Map<TopicPartition, Long> offsets) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new org.apache.kafka.common.errors.TimeoutException("no offset of " + partition);
        }
        return offset;
    }

    private static Duration patience() {
        return Duration.ofMillis(REQUEST_MILLIS);
    }

    /** What may pass is told from what will not: that is thrown as it is. */
    private static SourceUnavailableException unavailable(String what, Exception e) {
        if (e instanceof RetriableException || e instanceof OffsetOutOfRangeException) {
            return new SourceUnavailableException(what + " cannot be had now: " + e.getMessage(), e);
        }
        throw e instanceof KafkaException k ? k : new KafkaException(what, e);
    }

    private static void close(Consumer<byte[], byte[]> consumer) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    @Override
    public void close() {}

    private final class ConsumerReader implements Reader {

        private final Consumer<byte[], byte[]> consumer;
        private final long limit;

        ConsumerReader(Consumer<byte[], byte[]> consumer, long limit) {
            this.consumer = consumer;
            this.limit = limit;
        }

        @Override
        public List<SourceRecord> poll(Duration patience) {
            try {
                List<SourceRecord> records = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                    records.add(new SourceRecord(
                            record.offset(),
                            RecordTimestamp.of(record.timestamp()),
                            record.key(),
                            record.headers(),
                            record.value()));
                }
                return records;
            } catch (KafkaException e) {
                throw unavailable("records of " + partition, e);
            }
        }

        @Override
        public long position() {
            try {
                return consumer.position(partition, patience());
            } catch (KafkaException e) {
                throw unavailable("position in " + partition, e);
            }
        }

        @Override
        public long limit() {
            return limit;
        }

        @Override
        public void close() {
            KafkaSourceLog.close(consumer);
        }
    }
}
