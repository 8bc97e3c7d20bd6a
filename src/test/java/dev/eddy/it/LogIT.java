package dev.eddy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.image.AvroImages;
import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.PngWriter;
import dev.eddy.local.SampleStream;
import dev.eddy.registry.StubRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it logs, and what it must not. */
class LogIT extends OneBroker {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"json", "png", "auto"})
    void theLogIsJsonAndCarriesNoPixels(String format) throws Exception {
        byte[] pixels = new byte[28 * 28];
        new Random(7).nextBytes(pixels);
        String numbers = Arrays.toString(unsigned(pixels)).replace(" ", "");
        byte[] json = ("{\"width\":28,\"height\":28,\"pixels\":" + numbers + "}").getBytes(UTF_8);
        byte[] png = PngWriter.png(new Image(new Geometry(28, 28, 1), pixels));
        byte[] damaged = png.clone();
        damaged[png.length / 2] ^= 1;
        List<byte[]> bad = new ArrayList<>(
                List.of(Arrays.copyOf(json, json.length - 2), damaged, Arrays.copyOf(pixels, pixels.length - 1)));
        Collections.rotate(bad, format.equals("json") ? 0 : -1); // the first is the one that the log tells of
        Path config = config("image.format", format);
        try (Instance instance = Instance.start(folder, config, "--log-json", "--verbose")) {
            bad.forEach(this::send);
            for (int i = 0; i < 2 * BATCH; i++) {
                send(format.equals("json") ? json : png);
            }
            instance.awaitMetric(bad.size(), "eddy_records_dead_lettered_total");
            instance.awaitMetric(2 * BATCH, "eddy_records_scored_total");
            assertEquals(0, instance.terminate(), instance.process().tail());
            int lines = 0;
            for (String line : instance.process().err().lines().toList()) {
                JsonNode parsed = JSON.readTree(line);
                assertFalse(parsed.required("level").asText().isEmpty(), line);
                assertFalse(parsed.required("message").asText().isEmpty(), line);
                lines++;
            }
            assertTrue(lines > 5, instance.process().err());
            assertTrue(instance.process().err().contains("dead-lettered"), "a bad record is told of");
            String said = instance.process().err();
            assertCarriesNone(said, pixels);
            assertCarriesNone(said, png);
        }
    }

    @Test
    void aFailureIsALineOfTheLogAsWell() throws Exception {
        Path config = config("bootstrap.servers", "127.0.0.1:1");
        try (JarProcess failed = JarProcess.start(
                folder, List.of("-Xmx512m"), List.of("run", "--log-json", "--config", config.toString()))) {
            assertEquals(1, failed.exitCode(), failed.tail());
            List<String> lines = failed.err().lines().toList();
            JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
            assertEquals("ERROR", last.required("level").asText());
            assertTrue(
                    last.required("message").asText().startsWith("eddy run: no answer from 127.0.0.1:1"),
                    failed.tail());
        }
    }

    /** No six bytes in a row, however they may be written. */
    private static void assertCarriesNone(String log, byte[] bytes) {
        String said = log.replaceAll("[ ,:_]", "");
        for (int i = 0; i + 6 <= bytes.length; i++) {
            byte[] some = Arrays.copyOfRange(bytes, i, i + 6);
            String hex = HexFormat.of().formatHex(some);
            List<String> forms = List.of(
                    Arrays.toString(unsigned(some)).replaceAll("[\\[\\], ]", ""),
                    Arrays.toString(some).replaceAll("[\\[\\], ]", ""),
                    hex,
                    hex.toUpperCase(Locale.ROOT),
                    Base64.getEncoder().encodeToString(some),
                    new String(some, ISO_8859_1));
            for (String form : forms) {
                assertFalse(said.contains(form), () -> "the log has byte " + form + " of an image");
            }
        }
    }

    /** A registry's address may hold a name and a password, and its client has settings of its own. */
    @Test
    void theLogCarriesNoSecretOfTheRegistry() throws Exception {
        try (StubRegistry registry = new StubRegistry()) {
            String[] secret = {
                "image.format",
                "avro",
                "schema.registry.url",
                registry.url().replace("//", "//eddy:correct-horse@"),
                "apicurio.auth.username",
                "eddy",
                "apicurio.auth.password",
                "battery-staple"
            };
            Path config = config(secret);
            registry.put(7, AvroImages.SCHEMA.toString());
            try (Instance instance = Instance.start(folder, config, "--verbose")) {
                SampleStream pictures = new SampleStream(5);
                for (int i = 0; i < BATCH; i++) {
                    send(StubRegistry.record(7, pictures.get(i).image()));
                }
                send(StubRegistry.record(8, pictures.get(0).image()));
                instance.awaitMetric(BATCH, "eddy_records_scored_total");
                instance.awaitMetric(1, "eddy_records_dead_lettered_total");
                String served = instance.get("/metrics") + instance.get("/api/live");
                assertEquals(0, instance.terminate(), instance.process().tail());
                assertNoSecret(instance.process().out() + instance.process().err() + served);
            }
            registry.mood = StubRegistry.Mood.BROKEN;
            assertEndsWithoutASecret(1, config);
            secret[1] = "raw";
            assertEndsWithoutASecret(2, config(secret));
        }
    }

    private void assertEndsWithoutASecret(int exitCode, Path config) throws Exception {
        try (JarProcess refused = JarProcess.start(
                folder, List.of("-Xmx512m"), List.of("run", "--verbose", "--config", config.toString()))) {
            assertEquals(exitCode, refused.exitCode(), refused.tail());
            assertTrue(refused.err().contains("registry"), refused.tail());
            assertNoSecret(refused.out() + refused.err());
        }
    }

    private static void assertNoSecret(String said) {
        for (String secret : List.of("correct-horse", "battery-staple")) {
            int at = said.indexOf(secret);
            assertFalse(at >= 0, () -> "a password is shown: " + said.substring(Math.max(0, at - 200), at));
        }
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        return values;
    }
}
