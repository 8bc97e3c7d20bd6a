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
            boolean rate = key.contains("rate") || key.startsWith("anomaly") || key.contains("decay");
            assertFalse(rate && Fingerprint.decidesShape(key), key);
        }
        assertTrue(Fingerprint.decidesShape("image.channels"));
        assertTrue(Fingerprint.decidesShape("gan.discriminator"));
    }
}
