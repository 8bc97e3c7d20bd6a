package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AvroTest {

    private static final Geometry COLOUR = new Geometry(5, 4, 3);
    private static final Image IMAGE = new Image(COLOUR, Pictures.pixels(COLOUR, 1));
    private static final ImageDecoder DECODER = ImageFormat.AVRO.decoder(COLOUR);

    @ParameterizedTest
    @EnumSource(names = {"RAW", "PNG", "JSON", "AVRO"})
    void whatAnEncoderWritesTheDecoderReadsWithoutADifference(ImageFormat format) {
        for (Geometry geometry : new Geometry[] {COLOUR, Pictures.GREY, new Geometry(1, 1, 1)}) {
            Image image = new Image(geometry, Pictures.pixels(geometry, 2));
            byte[] bytes = format.encoder().encode(image);
            assertArrayEquals(
                    image.pixels(), format.decoder(geometry).decode(bytes).pixels());
        }
    }

    @Test
    void jpegIsClose() {
        Geometry geometry = new Geometry(16, 16, 1);
        byte[] pixels = new byte[geometry.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 16 * 8 + i % 16);
        }
        byte[] bytes = ImageFormat.JPEG.encoder().encode(new Image(geometry, pixels));
        byte[] read = ImageFormat.JPEG.decoder(geometry).decode(bytes).pixels();
        for (int i = 0; i < pixels.length; i++) {
            assertEquals(pixels[i] & 0xff, read[i] & 0xff, 6);
        }
    }

    @Test
    void avrosOwnReaderOfMessagesReadsWhatIsWritten() throws IOException {
        GenericRecord record = new BinaryMessageDecoder<GenericRecord>(GenericData.get(), AvroImages.SCHEMA)
                .decode(ImageFormat.AVRO.encoder().encode(IMAGE));
        assertEquals(5, record.get("width"));
        assertEquals(ByteBuffer.wrap(IMAGE.pixels()), record.get("pixels"));
    }

    @Test
    void everyTruncationAndWhateverFollowsIsRefused() {
        byte[] bytes = ImageFormat.AVRO.encoder().encode(IMAGE);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(InvalidImageException.class, () -> DECODER.decode(cut));
        }
        assertTrue(refusal(Arrays.copyOf(bytes, bytes.length + 1)).contains("followed by bytes"));
    }

    @Test
    void aRecordThatClaimsMoreThanItHasCostsNothing() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ImageFormat.AVRO.encoder().encode(IMAGE), 0, AvroDecoder.HEADER_LENGTH);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        encoder.writeInt(5);
        encoder.writeInt(4);
        encoder.writeInt(3);
        encoder.writeLong(2_000_000_000);
        encoder.flush();
        assertTrue(refusal(out.toByteArray()).contains("exceeds maximum allowed"));
    }

    @Test
    void messagesNameWhatWasFoundAndExpected() throws IOException {
        assertEquals("record of 3 bytes is no Avro in single-object encoding", refusal(new byte[] {1, 2, 3}));
        assertTrue(refusal(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1}).endsWith("set schema.registry.url"));
        assertTrue(refusal(PngWriter.png(IMAGE)).endsWith("set image.format to png or auto"));
        byte[] avro = ImageFormat.AVRO.encoder().encode(IMAGE);
        String hint = String.valueOf(assertThrows(
                        InvalidImageException.class,
                        () -> ImageFormat.RAW.decoder(COLOUR).decode(avro))
                .getMessage());
        assertTrue(hint.endsWith("set image.format to avro"), hint);
        Schema other = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Image\",\"fields\":[{\"name\":\"width\",\"type\":\"int\"}]}");
        GenericRecord record = new GenericData.Record(other);
        record.put("width", 1);
        ByteBuffer message = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), other).encode(record);
        byte[] invoice = new byte[message.remaining()];
        message.get(invoice);
        assertTrue(refusal(invoice).contains("schema with fingerprint"));
        assertTrue(refusal("channels", 2).contains("60 pixel values where 5x4x2 has 40"));
        assertTrue(refusal("width", 0).contains("\"width\" 0 where 1 to 16384"));
        assertTrue(refusal("height", 5).contains("60 pixel values where 5x5x3 has 75"));
    }

    @Test
    void fieldsInAnotherOrderFurtherFieldsAndMissingChannelsResolve() throws IOException {
        Schema writer = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Image\",\"namespace\":\"dev.eddy\",\"fields\":["
                        + "{\"name\":\"camera\",\"type\":\"string\"},{\"name\":\"pixels\",\"type\":\"bytes\"},"
                        + "{\"name\":\"height\",\"type\":\"int\"},{\"name\":\"width\",\"type\":\"int\"}]}");
        GenericRecord record = new GenericData.Record(writer);
        record.put("camera", "left");
        record.put("pixels", ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}));
        record.put("width", 3);
        record.put("height", 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(writer).write(record, encoder);
        encoder.flush();
        GenericRecord read =
                AvroImages.reader(writer).read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
        assertArrayEquals(
                new byte[] {1, 2, 3, 4, 5, 6},
                AvroImages.image(read, new Geometry(3, 2, 1)).pixels());
    }

    private static String refusal(String field, int value) {
        GenericRecord record = AvroImages.record(IMAGE);
        record.put(field, value);
        return String.valueOf(assertThrows(InvalidImageException.class, () -> AvroImages.image(record, COLOUR))
                .getMessage());
    }

    private static String refusal(byte[] bytes) {
        return String.valueOf(assertThrows(InvalidImageException.class, () -> DECODER.decode(bytes))
                .getMessage());
    }
}
