package dev.eddy.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An image as a record to send.
 *
 * @param key UTF-8 on the wire; null for none, which spreads records over the partitions
 * @param value the encoded image
 * @param headers names and values, UTF-8 on the wire
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record OutgoingImage(@Nullable String key, byte[] value, Map<String, String> headers) {

    /** Names what was done to the picture, in lower case; absent on a sound one. */
    public static final String DAMAGE_HEADER = "eddy-damage";

    /** The label as a decimal number. */
    public static final String LABEL_HEADER = "eddy-label";

    /** An element of the sample stream as raw pixels under its index as key. */
    public static OutgoingImage of(SampleStream.Sample sample, long index) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(LABEL_HEADER, Integer.toString(sample.label()));
        sample.damage().ifPresent(damage -> headers.put(DAMAGE_HEADER, damage.toString()));
        return new OutgoingImage(Long.toString(index), sample.image().pixels(), headers);
    }

    /** An image of a file under its name as key, with its label if it has one. */
    public static OutgoingImage of(String name, byte[] value, OptionalInt label) {
        return new OutgoingImage(
                name, value, label.isPresent() ? Map.of(LABEL_HEADER, Integer.toString(label.getAsInt())) : Map.of());
    }

    /** The same with another value. */
    OutgoingImage with(byte[] other) {
        return new OutgoingImage(key, other, headers);
    }

    byte @Nullable [] keyBytes() {
        return key == null ? null : key.getBytes(UTF_8);
    }
}
