package dev.eddy.stream;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is published under the limits of producer, broker and topics. A record can come in that cannot go out:
 * limits count compressed bytes on the way in and uncompressed ones on the way out. Sending it would fail for ever, so
 * what does not fit is left out, and the header {@code eddy-omitted} says what.
 *
 * @param bytes most bytes of key, value and headers together
 */
record MessageLimit(long bytes) {

    static final String OMITTED = "eddy-omitted";

    /** What goes out; a key or value that did not fit is null. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Message(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {}

    /**
     * Leaves out, until it fits, the largest of value, headers and key.
     *
     * @param keepsValue whether the value is Eddy's own, which always fits and stays
     */
    Message fit(byte @Nullable [] key, byte @Nullable [] value, Headers headers, boolean keepsValue) {
        long keyBytes = length(key);
        long valueBytes = length(value);
        long headerBytes = length(headers);
        if (keyBytes + valueBytes + headerBytes <= bytes) {
            return new Message(key, value, headers);
        }
        byte[] keptKey = key;
        byte[] keptValue = value;
        Headers keptHeaders = headers;
        StringBuilder omitted = new StringBuilder();
        while (keyBytes + valueBytes + headerBytes > bytes) {
            if (!keepsValue && valueBytes > 0 && valueBytes >= Math.max(keyBytes, headerBytes)) {
                omitted.append("value ").append(valueBytes).append(" bytes, ");
                keptValue = null;
                valueBytes = 0;
            } else if (headerBytes > 0 && headerBytes >= keyBytes) {
                omitted.append("headers ").append(headerBytes).append(" bytes, ");
                keptHeaders = new RecordHeaders();
                headerBytes = 0;
            } else if (keyBytes > 0) {
                omitted.append("key ").append(keyBytes).append(" bytes, ");
                keptKey = null;
                keyBytes = 0;
            } else {
                break;
            }
        }
        Headers marked = new RecordHeaders(keptHeaders)
                .add(OMITTED, (omitted + "limit " + bytes).getBytes(StandardCharsets.UTF_8));
        return new Message(keptKey, keptValue, marked);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static long length(Headers headers) {
        long sum = 0;
        for (Header header : headers) {
            // Lengths are varints of at most 5 bytes; a character is at most 3 bytes.
            sum += 10 + 3L * header.key().length() + length(header.value());
        }
        return sum;
    }
}
