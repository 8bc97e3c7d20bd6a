package dev.eddy.image;

import java.util.Arrays;
import java.util.Locale;

/** The encodings in which a record's value may hold an image. */
public enum ImageFormat {

    /** The pixels themselves, {@code geometry.size()} bytes laid out as in {@link Image#pixels}. */
    RAW,

    /** A PNG or JPEG file, told apart by content; made grey and resized to the geometry, see {@link #decoder}. */
    PNG,

    /** The same as {@link #PNG}: a PNG or JPEG file, told apart by content. */
    JPEG,

    /**
     * {@code {"width":28,"height":28,"channels":1,"pixels":[...]}}, pixels 0 to 255 in the layout of
     * {@link Image#pixels} as an array or as a base64 string; channels may be left out and are 1 then.
     */
    JSON,

    /** A record of the schema {@link AvroImages#SCHEMA} in Avro's single-object encoding; see {@link AvroDecoder}. */
    AVRO,

    /** Raw, PNG, JPEG or JSON, told apart record by record; see {@link AutoDecoder} for how. */
    AUTO;

    /**
     * A decoder of this format that brings every image to one geometry. Raw must have it already; of the others, which
     * state their own size, colour becomes grey by luminance (ITU-R BT.601 on the stored values, as JPEG itself does),
     * grey becomes three equal channels, and width and height are resized by area averaging without keeping the
     * proportions. An image that has the geometry already keeps its values exactly.
     */
    public ImageDecoder decoder(Geometry geometry) {
        return switch (this) {
            case RAW -> new RawDecoder(geometry);
            case PNG, JPEG -> new PictureDecoder(geometry);
            case JSON -> new JsonDecoder(geometry);
            case AVRO -> new AvroDecoder(geometry);
            case AUTO -> new AutoDecoder(geometry);
        };
    }

    /**
     * An encoder of this format. What it writes, {@link #decoder} reads back without a difference, unless it is JPEG.
     *
     * @throws IllegalArgumentException for {@link #AUTO}, which is none to write in
     */
    public ImageEncoder encoder() {
        return switch (this) {
            case RAW -> Image::pixels;
            case PNG -> PngWriter::png;
            case JPEG -> JpegWriter::jpeg;
            case JSON -> JsonWriter::json;
            case AVRO -> AvroWriter::singleObject;
            case AUTO -> throw new IllegalArgumentException("auto is no format to write in");
        };
    }

    /**
     * The format of that name in lower case, as configuration files have it.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static ImageFormat named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown image format '" + name + "': one of " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
