package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.eddy.telemetry.Health;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.Telemetry;
import org.junit.jupiter.api.Test;

/** The line that the log has every minute. */
class StatusTest {

    private static final Health HEALTH = new Health("RUNNING", true, true, "2 partitions, 1 replaying");

    @Test
    void saysHowThingsStand() {
        MetricsText metrics = MetricsText.of("""
                eddy_records_scored_total{partition="0"} 7000.0
                eddy_records_scored_total{partition="1"} 5000.0
                eddy_records_anomalous_total{partition="0"} 121.0
                eddy_records_dead_lettered_total{topic="images"} 3.0
                eddy_lag_records{partition="0"} 40.0
                eddy_model_step{partition="0"} 109.0
                eddy_model_step{partition="1"} 78.0
                eddy_vae_loss_nats{partition="0"} 250.0
                eddy_vae_loss_nats{partition="1"} 260.25
                """);
        assertEquals(
                "RUNNING, 2 partitions, 1 replaying: 99.9 records/s, 40 behind; since the start 12000"
                        + " scored, 121 of them flagged, 3 dead letters; 187 steps, VAE loss 255.1 nats",
                Status.line(HEALTH, metrics, 99.94));
    }

    /** By the names that the meters are served under, and with their values. */
    @Test
    void saysWhatTheMetersSay() {
        try (Telemetry telemetry = new Telemetry("test")) {
            for (int partition = 0; partition < 2; partition++) {
                PartitionMeters meters = telemetry.partition("images", partition);
                for (int i = 0; i < 5 + partition; i++) {
                    meters.received();
                    meters.scored(0.5, 20, 10, 0.3, i == 0, false);
                }
                meters.lag(40);
                meters.step(
                        70 + partition, 120 + partition, 100, 20, 3, 1, 1, 1, 1, 0.5, 0.5, 0.5, 1, 1, 0, 0, 1, 1, 1, 1);
            }
            telemetry.deadLettered("images");
            assertEquals(
                    "RUNNING, 2 partitions, 1 replaying: 0.5 records/s, 80 behind; since the start 11 scored, 2 of them"
                            + " flagged, 1 dead letters; 141 steps, VAE loss 120.5 nats",
                    Status.line(HEALTH, MetricsText.of(telemetry.scrape()), 0.5));
        }
    }

    @Test
    void hasNoLossBeforeTheFirstStep() {
        assertEquals(
                "RUNNING, 2 partitions, 1 replaying: 0.0 records/s, 0 behind; since the start 0 scored, 0"
                        + " of them flagged, 0 dead letters; 0 steps",
                Status.line(HEALTH, MetricsText.of(""), 0));
    }
}
