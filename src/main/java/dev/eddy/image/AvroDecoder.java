package dev.eddy.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;

/**
 * Decodes {@link ImageFormat#AVRO} in single-object encoding: the bytes {@code c3 01}, the CRC-64-AVRO fingerprint of
 * the schema (little-endian), and the record. Not with Avro's own decoder of messages, which passes over what follows a
 * record.
 */
final class AvroDecoder implements ImageDecoder {

    static final byte MARKER = (byte) 0xc3;
    static final byte VERSION = 1;
    static final int HEADER_LENGTH = 10;

    private static final long FINGERPRINT = SchemaNormalization.parsingFingerprint64(AvroImages.SCHEMA);
    private static final DatumReader<GenericRecord> READER = AvroImages.reader(AvroImages.SCHEMA);

    private final Geometry geometry;

    AvroDecoder(Geometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public Image decode(byte[] bytes) {
        Content.requireSome(bytes);
        if (!Content.isAvro(bytes)) {
            throw new InvalidImageException("record of " + bytes.length
                    + " bytes is no Avro in single-object encoding"
                    + (bytes[0] == 0
                            ? "; it may be of a schema registry: set schema.registry.url"
                            : Content.hint(bytes)));
        }
        long schema = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        if (schema != FINGERPRINT) {
            throw new InvalidImageException(
                    "Avro record of a schema with fingerprint " + hex(schema) + " where dev.eddy.Image has "
                            + hex(FINGERPRINT) + "; a schema registry takes records of other schemas");
        }
        try {
            return AvroImages.image(
                    READER.read(
                            null,
                            DecoderFactory.get()
                                    .binaryDecoder(bytes, HEADER_LENGTH, bytes.length - HEADER_LENGTH, null)),
                    geometry);
        } catch (IOException e) {
            throw new InvalidImageException("Avro record is damaged: " + e.getMessage(), e);
        }
    }

    private static String hex(long value) {
        return String.format("%016x", value);
    }
}
