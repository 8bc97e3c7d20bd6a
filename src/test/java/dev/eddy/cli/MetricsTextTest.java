package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MetricsTextTest {

    private static final MetricsText TEXT = MetricsText.of("""
            # HELP eddy_updates_total Updates
            # TYPE eddy_updates_total counter
            eddy_updates_total{model="vae",partition="0",topic="images"} 12.0
            eddy_updates_total{model="vae",partition="1",topic="images"} 1.5E1
            eddy_updates_total{model="gan",partition="0",topic="images"} 7.0
            eddy_updates_total_of_others 100.0
            eddy_vae_loss_nats{partition="0",topic="a } b"} 200.0
            eddy_vae_loss_nats{partition="1",topic="a } b"} NaN
            eddy_plain 3.0
            """);

    @Test
    void countsAreSumsOverAllSeries() {
        assertEquals(34, TEXT.count("eddy_updates_total"));
        assertEquals(27, TEXT.count("eddy_updates_total", "model=\"vae\""));
        assertEquals(3, TEXT.count("eddy_plain"));
        assertEquals(0, TEXT.count("eddy_missing"));
    }

    @Test
    void meansLeaveOutWhatHasNoValue() {
        assertEquals(200, TEXT.mean("eddy_vae_loss_nats"));
        assertEquals(Double.NaN, TEXT.mean("eddy_missing"));
    }
}
