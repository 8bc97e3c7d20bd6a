package dev.eddy.stream;

import dev.eddy.image.Image;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the value of a record and throws where it is no image, so that Kafka Streams dead-letters the record untouched
 * (KIP-1034). A record without a value is no image either.
 *
 * <p>A processor and not a deserializer: Kafka Streams deserializes a record, and would send its dead letter, before it
 * counts it as consumed. A commit in between, as at every close, sends the letter again at the next start (seen with
 * 4.3.1). A processor's dead letter and its record's offset are of one transaction.
 */
final class DecodingProcessor implements Processor<byte @Nullable [], byte @Nullable [], byte @Nullable [], Image> {

    private final RecordDecoder decoder;
    private @Nullable ProcessorContext<byte @Nullable [], Image> context;

    DecodingProcessor(RecordDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public void init(ProcessorContext<byte @Nullable [], Image> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        if (context == null) {
            throw new IllegalStateException("not initialised");
        }
        context.forward(record.withValue(decode(decoder, record.headers(), record.value())));
    }

    /**
     * The image of a record, whether it has come or is read again.
     *
     * @throws UndecodableException if the value is no image; the message says what was found and what was expected
     * @throws RetriableException if that cannot be told now
     * @throws AuthenticationException if that cannot be told before somebody changes the configuration
     */
    static Image decode(RecordDecoder decoder, Headers headers, byte @Nullable [] value) {
        if (value == null) {
            throw new UndecodableException("the record has no value");
        }
        try {
            return decoder.decode(headers, value);
        } catch (RetriableException | AuthenticationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UndecodableException(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** Has no stack trace: a flood of bad records would write it into the log and into every dead letter's headers. */
    static final class UndecodableException extends SerializationException {

        UndecodableException(String message) {
            super(message);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // there is nothing to guard
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
