package dev.eddy.stream;

import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageFormat;
import org.apache.kafka.common.header.Headers;

/**
 * Turns a record into an image of the learner's geometry. The same bytes must give the same outcome whenever they are
 * asked for: a record is decoded when it comes and again when it is replayed. Thread-safe.
 */
public interface RecordDecoder {

    /**
     * Decodes one record.
     *
     * @param value not written to; the image may share it
     * @throws org.apache.kafka.common.errors.RetriableException if what decoding needs does not answer, which says
     *     nothing of the record
     * @throws org.apache.kafka.common.errors.AuthenticationException if it refuses to answer until somebody changes the
     *     configuration
     * @throws RuntimeException any other: the record is no image, and never will be
     */
    Image decode(Headers headers, byte[] value);

    /** What it decodes, in one line: decoders of the same format and geometry decode alike. */
    String format();

    /**
     * Asks whether what decoding needs is there.
     *
     * @throws org.apache.kafka.common.KafkaException with one line, if it is not
     */
    default void check() {}

    /** Decodes values that say all by themselves; its format is the name of {@code format}. */
    static RecordDecoder of(ImageFormat format, Geometry geometry) {
        ImageDecoder decoder = format.decoder(geometry);
        return new RecordDecoder() {
            @Override
            public Image decode(Headers headers, byte[] value) {
                return decoder.decode(value);
            }

            @Override
            public String format() {
                return format.toString();
            }
        };
    }
}
