package dev.eddy.stream;

import dev.eddy.image.Image;
import dev.eddy.image.ImageDecoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the value of a record and throws where it is no image, so that Kafka Streams dead-letters the record untouched
 * (KIP-1034). A record without a value is no image either. Stateless.
 */
final class ImageDeserializer implements Deserializer<Image> {

    private final ImageDecoder decoder;

    ImageDeserializer(ImageDecoder decoder) {
        this.decoder = decoder;
    }

    /** @throws UndecodableException if the value is no image; the message says what was found and what was expected */
    @Override
    public Image deserialize(String topic, byte @Nullable [] value) {
        if (value == null) {
            throw new UndecodableException("the record has no value");
        }
        try {
            return decoder.decode(value);
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
