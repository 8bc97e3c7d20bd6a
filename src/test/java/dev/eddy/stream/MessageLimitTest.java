package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class MessageLimitTest {

    private final MessageLimit limit = new MessageLimit(1_000);

    private static Headers headers(int bytes) {
        return new RecordHeaders().add("h", new byte[bytes]);
    }

    private static String omitted(MessageLimit.Message message) {
        return new String(message.headers().lastHeader(MessageLimit.OMITTED).value(), StandardCharsets.UTF_8);
    }

    @Test
    void whatFitsIsUntouched() {
        byte[] key = new byte[300];
        byte[] value = new byte[300];
        Headers headers = headers(300);
        MessageLimit.Message message = limit.fit(key, value, headers, false);
        assertSame(key, message.key());
        assertSame(value, message.value());
        assertSame(headers, message.headers());
        MessageLimit.Message nothing = limit.fit(null, null, new RecordHeaders(), false);
        assertNull(nothing.key());
        assertNull(nothing.value());
    }

    @Test
    void theLargestPartIsLeftOutFirst() {
        MessageLimit.Message value = limit.fit(new byte[10], new byte[990], headers(20), false);
        assertNull(value.value());
        assertArrayEquals(new byte[10], value.key());
        assertEquals(20, value.headers().lastHeader("h").value().length);
        assertEquals("value 990 bytes, limit 1000", omitted(value));

        MessageLimit.Message key = limit.fit(new byte[2_000], new byte[10], headers(20), false);
        assertNull(key.key());
        assertArrayEquals(new byte[10], key.value());

        MessageLimit.Message headers = limit.fit(new byte[10], new byte[10], headers(2_000), false);
        assertNull(headers.headers().lastHeader("h"));
        assertArrayEquals(new byte[10], headers.key());
    }

    @Test
    void partsAreLeftOutUntilItFits() {
        MessageLimit.Message message = limit.fit(new byte[1_001], new byte[1_002], headers(1_003), false);
        assertNull(message.key());
        assertNull(message.value());
        assertNull(message.headers().lastHeader("h"));
    }

    @Test
    void aValueOfItsOwnStays() {
        MessageLimit.Message message = limit.fit(new byte[200], new byte[900], headers(100), true);
        assertEquals(900, message.value() == null ? 0 : message.value().length);
        assertNull(message.key());
        assertNull(message.headers().lastHeader("h"));
    }
}
