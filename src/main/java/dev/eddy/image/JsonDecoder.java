package dev.eddy.image;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decodes {@link ImageFormat#JSON}. */
final class JsonDecoder implements ImageDecoder {

    private static final int MAX_SIDE = 16_384;
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Geometry geometry;

    JsonDecoder(Geometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public Image decode(byte[] bytes) {
        Content.requireSome(bytes);
        JsonNode json = parse(bytes);
        int width = number(json, "width", MAX_SIDE);
        int height = number(json, "height", MAX_SIDE);
        int channels = json.has("channels") ? number(json, "channels", 3) : 1;
        if (channels == 2) {
            throw new InvalidImageException("JSON image with 2 channels: 1 (grey) or 3 (RGB) expected");
        }
        long size = (long) width * height * channels;
        int[] samples = samples(json.get("pixels"));
        if (samples.length != size) {
            throw new InvalidImageException("JSON image with " + samples.length + " pixel values where " + width + "x"
                    + height + "x" + channels + " has " + size);
        }
        Fit fit = new Fit(width, height, channels, geometry);
        for (int y = 0; y < height; y++) {
            fit.add(Arrays.copyOfRange(samples, y * width * channels, (y + 1) * width * channels));
        }
        return fit.image();
    }

    private static JsonNode parse(byte[] bytes) {
        JsonNode json;
        try {
            json = MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            // Its message quotes the record, and messages go to the log, where pixels must not.
            throw new InvalidImageException(
                    "not JSON, from byte " + e.getLocation().getByteOffset() + " on", e);
        } catch (IOException e) {
            throw new InvalidImageException("not JSON: " + e.getMessage(), e);
        }
        if (!json.isObject()) {
            throw new InvalidImageException("JSON image is no object with width, height and pixels");
        }
        return json;
    }

    private static int number(JsonNode json, String field, int max) {
        JsonNode node = json.get(field);
        if (node == null || !node.isInt() || node.intValue() < 1 || node.intValue() > max) {
            throw new InvalidImageException("JSON image with \"" + field + "\" "
                    + (node != null && node.isInt() ? node.asText() : type(node))
                    + " where a whole number from 1 to " + max + " is expected");
        }
        return node.intValue();
    }

    private static int[] samples(@Nullable JsonNode pixels) {
        if (pixels != null && pixels.isTextual()) {
            return fromBase64(pixels.textValue());
        }
        if (pixels == null || !pixels.isArray()) {
            throw new InvalidImageException("JSON image with \"pixels\" " + type(pixels)
                    + " where an array of numbers or a base64 string is expected");
        }
        int[] samples = new int[pixels.size()];
        for (int i = 0; i < samples.length; i++) {
            JsonNode value = pixels.get(i);
            if (!value.isInt() || value.intValue() < 0 || value.intValue() > 255) {
                throw new InvalidImageException(
                        "JSON image whose value at index " + i + " of \"pixels\" is no whole number from 0 to 255");
            }
            samples[i] = value.intValue();
        }
        return samples;
    }

    private static int[] fromBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidImageException("JSON image with \"pixels\" that are no base64", e);
        }
        int[] samples = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            samples[i] = bytes[i] & 0xff;
        }
        return samples;
    }

    /** For messages, which quote no pixels. */
    private static String type(@Nullable JsonNode node) {
        return node == null ? "missing" : "of type " + node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
