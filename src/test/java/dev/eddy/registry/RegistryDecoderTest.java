package dev.eddy.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.AvroImages;
import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.InvalidImageException;
import dev.eddy.registry.StubRegistry.Mood;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a registry's fault says of a record, and what it does not. */
class RegistryDecoderTest {

    private static final Geometry GEOMETRY = new Geometry(3, 2, 1);
    private static final byte[] PIXELS = {1, 2, 3, 4, 5, 6};
    private static final Headers NONE = new RecordHeaders();

    private final StubRegistry registry = new StubRegistry();
    private final AtomicLong now = new AtomicLong();
    private final RegistryDecoder decoder =
            new RegistryDecoder(registry.url(), Map.of(), GEOMETRY, Duration.ofSeconds(1), now::get);

    RegistryDecoderTest() {
        registry.put(7, AvroImages.SCHEMA.toString());
        registry.put(8, "{\"type\":\"record\",\"name\":\"Invoice\",\"fields\":[{\"name\":\"sum\",\"type\":\"int\"}]}");
        registry.put(9, "syntax = \"proto3\";");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void theSchemaIsAskedForOnce() {
        decoder.check();
        int before = registry.requests.get();
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(PIXELS, decoder.decode(NONE, record(7)).pixels());
        }
        assertEquals(before + 2, registry.requests.get(), "the schema and its references");
        registry.mood = Mood.BROKEN;
        assertArrayEquals(PIXELS, decoder.decode(NONE, record(7)).pixels());
    }

    @Test
    void anUnknownSchemaIsAskedForOnceInAWhile() {
        String first = refusal(NONE, record(6));
        int before = registry.requests.get();
        for (int i = 0; i < 10; i++) {
            assertEquals(first, refusal(NONE, record(6)));
        }
        assertEquals(before, registry.requests.get());
        registry.put(6, AvroImages.SCHEMA.toString());
        now.addAndGet(1_000_000_000);
        assertArrayEquals(PIXELS, decoder.decode(NONE, record(6)).pixels());
    }

    @Test
    void theIdMayBeInTheHeaders() {
        Headers headers = new RecordHeaders();
        headers.add("apicurio.value.globalId", ByteBuffer.allocate(8).putLong(7).array());
        byte[] record = record(7);
        assertArrayEquals(
                PIXELS,
                decoder.decode(headers, Arrays.copyOfRange(record, 9, record.length))
                        .pixels());
    }

    @Test
    void aSchemaWithoutAVersionIsNoneToDecodeBy() {
        Headers headers = new RecordHeaders();
        headers.add("apicurio.value.artifactId", "images-value".getBytes(UTF_8));
        assertTrue(refusal(headers, record(7)).contains("names no version"));
    }

    @Test
    void aBadRecordIsRefusedForGood() {
        assertTrue(refusal(NONE, new byte[0]).contains("0 bytes"));
        assertTrue(refusal(NONE, new byte[] {0, 1}).contains("no Avro of a schema registry"));
        assertTrue(refusal(NONE, new byte[] {1, 2, 3}).contains("names no version"));
        assertTrue(refusal(NONE, record(6)).contains("does not know the record's schema: No artifact with ID '6'"));
        assertTrue(refusal(NONE, record(8)).contains("schema does not match that of images"));
        assertTrue(refusal(NONE, record(9)).contains("is none of Avro"));
        byte[] whole = record(7);
        for (int length = 0; length < whole.length; length++) {
            refusal(NONE, Arrays.copyOf(whole, length));
        }
        assertTrue(refusal(NONE, Arrays.copyOf(whole, whole.length + 1)).contains("followed by bytes"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "ANOTHER_SERVER", "SILENT"})
    void aRegistryThatGivesNoAnswerSaysNothingOfTheRecord(Mood mood) {
        registry.mood = mood;
        String line =
                String.valueOf(assertThrows(RegistryUnavailableException.class, () -> decoder.decode(NONE, record(7)))
                        .getMessage());
        assertTrue(line.startsWith("the schema registry at " + registry.url() + " cannot be asked ("), line);
        assertThrows(RegistryUnavailableException.class, decoder::check);
        registry.mood = Mood.WELL;
        assertArrayEquals(PIXELS, decoder.decode(NONE, record(7)).pixels());
    }

    @Test
    void aRegistryThatIsGoneSaysNothingOfTheRecord() {
        registry.close();
        String line =
                String.valueOf(assertThrows(RegistryUnavailableException.class, () -> decoder.decode(NONE, record(7)))
                        .getMessage());
        assertTrue(line.contains("ConnectException"), line);
    }

    @Test
    void aRegistryThatRefusesIsForSomebodyToMend() {
        registry.mood = Mood.FORBIDDING;
        assertThrows(AuthenticationException.class, () -> decoder.decode(NONE, record(7)));
        assertThrows(AuthenticationException.class, decoder::check);
    }

    private String refusal(Headers headers, byte[] value) {
        return String.valueOf(assertThrows(InvalidImageException.class, () -> decoder.decode(headers, value))
                .getMessage());
    }

    private static byte[] record(long globalId) {
        return StubRegistry.record(globalId, new Image(GEOMETRY, PIXELS));
    }
}
