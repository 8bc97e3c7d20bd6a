package dev.eddy.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;

/** Writes {@link ImageFormat#AVRO}. */
final class AvroWriter {

    private static final BinaryMessageEncoder<GenericRecord> ENCODER =
            new BinaryMessageEncoder<>(GenericData.get(), AvroImages.SCHEMA);

    private AvroWriter() {}

    static byte[] singleObject(Image image) {
        try {
            ByteBuffer encoded = ENCODER.encode(AvroImages.record(image));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not into memory
        }
    }
}
