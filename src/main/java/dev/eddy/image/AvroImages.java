package dev.eddy.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.jspecify.annotations.Nullable;

/** Images as records of the Avro schema {@code dev.eddy.Image}, which lies beside this class as {@code image.avsc}. */
public final class AvroImages {

    /** What readers expect, and writers write. */
    public static final Schema SCHEMA;

    private static final int MAX_SIDE = 16_384;
    private static final int MAX_BYTES = 64 << 20; // over the largest geometry

    static {
        // Avro allocates what a record claims before it looks whether so many bytes follow.
        for (String limit : new String[] {"bytes", "string", "collectionItems"}) {
            String property = "org.apache.avro.limits." + limit + ".maxLength";
            System.setProperty(property, System.getProperty(property, Integer.toString(MAX_BYTES)));
        }
        try (InputStream in = AvroImages.class.getResourceAsStream("image.avsc")) {
            SCHEMA = new Schema.Parser().parse(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AvroImages() {}

    /** The record of an image, which it shares the pixels with. */
    public static GenericRecord record(Image image) {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put("width", image.geometry().width());
        record.put("height", image.geometry().height());
        record.put("channels", image.geometry().channels());
        record.put("pixels", ByteBuffer.wrap(image.pixels()));
        return record;
    }

    /**
     * Reads records that were written with another schema as records of {@link #SCHEMA}, by Avro's rules of schema
     * resolution: fields in another order, further fields and a missing {@code channels} are as good.
     *
     * <p>It throws {@link InvalidImageException} where the schemas do not match, or the bytes not the schema.
     */
    public static DatumReader<GenericRecord> reader(Schema writer) {
        return new Reader(writer);
    }

    /**
     * The image of a record of {@link #SCHEMA}, brought to a geometry as {@link ImageFormat#decoder} says.
     *
     * @throws InvalidImageException if the number of pixels is not that of width, height and channels
     */
    public static Image image(GenericRecord record, Geometry geometry) {
        int width = number(record, "width", MAX_SIDE);
        int height = number(record, "height", MAX_SIDE);
        int channels = number(record, "channels", 3);
        ByteBuffer pixels = ((ByteBuffer) record.get("pixels")).slice();
        long size = (long) width * height * channels;
        if (channels == 2 || pixels.remaining() != size) {
            throw new InvalidImageException("Avro image with " + pixels.remaining() + " pixel values where " + width
                    + "x" + height + "x" + channels + " has " + size
                    + (channels == 2 ? ", and channels are 1 (grey) or 3 (RGB)" : ""));
        }
        Fit fit = new Fit(width, height, channels, geometry);
        int[] row = new int[width * channels];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = pixels.get() & 0xff;
            }
            fit.add(row);
        }
        return fit.image();
    }

    private static int number(GenericRecord record, String field, int max) {
        int value = (Integer) record.get(field);
        if (value < 1 || value > max) {
            throw new InvalidImageException(
                    "Avro image with \"" + field + "\" " + value + " where 1 to " + max + " is expected");
        }
        return value;
    }

    private static final class Reader extends GenericDatumReader<GenericRecord> {

        Reader(Schema writer) {
            super(writer, SCHEMA);
        }

        @Override
        public GenericRecord read(@Nullable GenericRecord reuse, Decoder in) {
            try {
                GenericRecord record = super.read(reuse, in);
                if (in instanceof BinaryDecoder binary && !binary.isEnd()) {
                    throw new InvalidImageException("Avro record is followed by bytes that belong to no image");
                }
                return record;
            } catch (AvroTypeException e) {
                throw new InvalidImageException(
                        "the record's Avro schema does not match that of images: " + e.getMessage(), e);
            } catch (IOException | AvroRuntimeException | UnsupportedOperationException | ClassCastException e) {
                throw new InvalidImageException("Avro record is damaged or truncated: " + e.getMessage(), e);
            }
        }
    }
}
