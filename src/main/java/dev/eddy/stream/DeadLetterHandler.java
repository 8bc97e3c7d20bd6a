package dev.eddy.stream;

import dev.eddy.telemetry.Telemetry;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka Streams' own handler, which writes the dead letter with its {@code __streams.errors.*} headers, and what it
 * lacks: counting, one log line in ten seconds, records without a timestamp, records over the message limit. The
 * handler's own lines and those of Kafka Streams' {@code RecordDeserializer}, two for each record, are to be switched
 * off in the logging configuration.
 */
public final class DeadLetterHandler extends LogAndContinueExceptionHandler {

    static final String TELEMETRY = "eddy.internal.telemetry";
    static final String LIMIT = "eddy.internal.message.limit";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHandler.class);
    private static final long LOG_NANOS = 10_000_000_000L;

    private @Nullable Telemetry telemetry;
    private @Nullable MessageLimit limit;
    private long unlogged;
    private long loggedAtNanos = System.nanoTime() - LOG_NANOS;

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        telemetry = (Telemetry) configs.get(TELEMETRY);
        limit = (MessageLimit) configs.get(LIMIT);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        log(record, exception);
        Objects.requireNonNull(telemetry).deadLettered(record.topic());
        Response response = super.handleError(new Timestamped(context), record, exception);
        return Response.resume(
                response.deadLetterQueueRecords().stream().map(this::fitted).toList());
    }

    private synchronized void log(ConsumerRecord<byte[], byte[]> record, Exception exception) {
        unlogged++;
        long now = System.nanoTime();
        if (now - loggedAtNanos >= LOG_NANOS) {
            LOG.warn(
                    "{} records dead-lettered, the last one {}-{} offset {}: {}",
                    unlogged,
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    exception.getMessage());
            unlogged = 0;
            loggedAtNanos = now;
        }
    }

    private ProducerRecord<byte[], byte[]> fitted(ProducerRecord<byte[], byte[]> letter) {
        MessageLimit.Message message =
                Objects.requireNonNull(limit).fit(letter.key(), letter.value(), letter.headers(), false);
        return new ProducerRecord<>(
                letter.topic(),
                letter.partition(),
                letter.timestamp(),
                message.key(),
                message.value(),
                message.headers());
    }

    /** The context of a record whose timestamp a producer accepts. */
    private record Timestamped(ErrorHandlerContext context) implements ErrorHandlerContext {

        @Override
        public long timestamp() {
            return RecordTimestamp.of(context.timestamp());
        }

        @Override
        public String topic() {
            return context.topic();
        }

        @Override
        public int partition() {
            return context.partition();
        }

        @Override
        public long offset() {
            return context.offset();
        }

        @Override
        public Headers headers() {
            return context.headers();
        }

        @Override
        public String processorNodeId() {
            return context.processorNodeId();
        }

        @Override
        public TaskId taskId() {
            return context.taskId();
        }

        @Override
        public byte[] sourceRawKey() {
            return context.sourceRawKey();
        }

        @Override
        public byte[] sourceRawValue() {
            return context.sourceRawValue();
        }
    }
}
