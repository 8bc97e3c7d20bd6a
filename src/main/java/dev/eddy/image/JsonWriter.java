package dev.eddy.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes {@link ImageFormat#JSON}, with the pixels in base64. */
final class JsonWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonWriter() {}

    static byte[] json(Image image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(image.pixels().length * 3 / 2 + 64);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("width", image.geometry().width());
            out.writeNumberField("height", image.geometry().height());
            out.writeNumberField("channels", image.geometry().channels());
            out.writeBinaryField("pixels", image.pixels());
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not into memory
        }
        return bytes.toByteArray();
    }
}
