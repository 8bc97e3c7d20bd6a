package dev.eddy.stream;

import dev.eddy.stream.DecodingProcessor.UndecodableException;
import dev.eddy.telemetry.Telemetry;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead-letters what does not decode: Kafka Streams' own handler, which makes the letter with its
 * {@code __streams.errors.*} headers, and what that lacks: counting, one log line in ten seconds, records over the
 * message limit. The own handler's line for each record is to be switched off in the logging configuration.
 *
 * <p>Any other exception fails, so that the thread starts again from the last commit: inside a micro-batch the record
 * at hand need not be the culprit.
 */
public final class DeadLetterHandler extends LogAndContinueProcessingExceptionHandler {

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
    public Response handleError(ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        if (!(exception instanceof UndecodableException)) {
            return Response.fail();
        }
        log(context, exception);
        Objects.requireNonNull(telemetry).deadLettered(context.topic());
        Response response = super.handleError(context, record, exception);
        return Response.resume(
                response.deadLetterQueueRecords().stream().map(this::fitted).toList());
    }

    private synchronized void log(ErrorHandlerContext context, Exception exception) {
        unlogged++;
        long now = System.nanoTime();
        if (now - loggedAtNanos >= LOG_NANOS) {
            LOG.warn(
                    "{} records dead-lettered, the last one {}-{} offset {}: {}",
                    unlogged,
                    context.topic(),
                    context.partition(),
                    context.offset(),
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
}
