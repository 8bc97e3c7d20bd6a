package dev.eddy.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.stream.Tiny;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void theKeysAreThoseOfTheConfigurationFile() {
        Fingerprint fingerprint = Fingerprint.of(Tiny.learner(9));
        assertEquals("9", fingerprint.values().get("seed"));
        assertEquals("4", fingerprint.values().get("image.width"));
        assertEquals("4", fingerprint.values().get("batch.size"));
        assertEquals("6", fingerprint.values().get("vae.encoder"));
        assertEquals("0.002", fingerprint.values().get("vae.learning.rate"));
        assertEquals("relativistic", fingerprint.values().get("gan.loss"));
        assertEquals("16", fingerprint.values().get("anomaly.reference.window"));
    }

    @Test
    void theTextIsReadBack() {
        Fingerprint fingerprint = Fingerprint.of(Tiny.learner(9));
        assertEquals(fingerprint, Fingerprint.parse(fingerprint.text()));
        assertEquals(List.of(), fingerprint.differences(Fingerprint.parse(fingerprint.text())));
        assertEquals(
                List.of(new Fingerprint.Difference("seed", "9", "8")),
                fingerprint.differences(Fingerprint.of(Tiny.learner(8))));
    }

    @Test
    void seedGeometryAndWidthsDecideTheShapeAndRatesDoNot() {
        for (String key : Fingerprint.of(Tiny.learner(1)).values().keySet()) {
            boolean rate = key.contains("rate") || key.startsWith("anomaly.gate") || key.contains("alpha");
            assertFalse(rate && decidesShape(key, "0.1", "0.2"), key);
        }
        assertTrue(decidesShape("seed", "1", "2"));
        assertTrue(decidesShape("image.channels", "1", "3"));
        assertTrue(decidesShape("gan.discriminator", "6", "7"));
        assertTrue(decidesShape("anomaly.window", "20", "30"));
        assertTrue(decidesShape("vae.ema.decay", "0.999", "0.0"));
        assertFalse(decidesShape("vae.ema.decay", "0.999", "0.99"));
    }

    private static boolean decidesShape(String key, String stored, String configured) {
        return Fingerprint.decidesShape(new Fingerprint.Difference(key, stored, configured));
    }
}
