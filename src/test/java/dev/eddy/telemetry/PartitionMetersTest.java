package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionMetersTest {

    private final Telemetry telemetry = new Telemetry("test", () -> 1_000_000L);
    private final PartitionMeters meters = telemetry.partition("images", 3);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void countersSatisfyTheirEquationsWhateverHappens() {
        long seed = 7;
        Random random = new Random(seed);
        int rejected = 0;
        for (int i = 0; i < 5_000; i++) {
            switch (random.nextInt(20)) {
                case 0 -> {
                    telemetry.close(meters);
                    assertSame(meters, telemetry.partition("images", 3));
                }
                case 1 -> {
                    rejected = 1;
                    Samples.step(meters, i, rejected);
                }
                default -> {
                    meters.received();
                    if (random.nextBoolean() && meters.records().pending() > 0) {
                        boolean warming = random.nextInt(3) == 0;
                        boolean anomaly = !warming && random.nextInt(10) == 0;
                        meters.scored(random.nextGaussian() * 3, random.nextDouble() * 90, 12, 0.5, anomaly, warming);
                    }
                }
            }
            if (i % 100 == 0) {
                assertEquations(seed);
            }
        }
        assertEquations(seed);
        assertTrue(value("eddy_records_released_total") > 0, "some records were pending when the partition left");
    }

    private void assertEquations(long seed) {
        Scrape scrape = Scrape.of(telemetry);
        String on = "{partition=\"3\",topic=\"images\"}";
        double received = scrape.value("eddy_records_received_total" + on);
        double scored = scrape.value("eddy_records_scored_total" + on);
        double pending = scrape.value("eddy_records_pending" + on);
        double released = scrape.value("eddy_records_released_total" + on);
        double warming = scrape.value("eddy_records_warming_total" + on);
        double anomalous = scrape.value("eddy_records_anomalous_total" + on);
        double rejected = scrape.value("eddy_records_rejected_total" + on);
        String which = "seed " + seed;
        assertEquals(received, scored + pending + released, which);
        assertEquals(scored, scrape.value("eddy_score_count" + on), which);
        assertEquals(scored, scrape.value("eddy_reconstruction_error_nats_count" + on), which);
        assertEquals(scored, scrape.value("eddy_kl_nats_count" + on), which);
        assertEquals(scored - warming, scrape.value("eddy_p_value_ratio_count" + on), which);
        assertTrue(anomalous <= scored - warming, which);
        assertTrue(rejected <= received, which);
        assertTrue(pending >= 0, which);
    }

    @Test
    void scoresUnderZeroAreCountedInTheirBuckets() {
        meters.scored(-2.5, 30, 10, 0.7, false, false);
        meters.scored(2.5, 30, 10, 0.004, true, false);
        Scrape scrape = Scrape.of(telemetry);
        assertEquals(1, scrape.value("eddy_score_bucket{partition=\"3\",topic=\"images\",le=\"-2.0\"}"));
        assertEquals(2, scrape.value("eddy_score_bucket{partition=\"3\",topic=\"images\",le=\"+Inf\"}"));
        assertEquals(0, scrape.value("eddy_score_sum{partition=\"3\",topic=\"images\"}"));
        assertEquals(1, scrape.value("eddy_p_value_ratio_bucket{partition=\"3\",topic=\"images\",le=\"0.005\"}"));
    }

    @Test
    void deadLettersCountBesideWhatIsReceived() {
        meters.received();
        telemetry.deadLettered("images");
        telemetry.deadLettered("images");
        Scrape scrape = Scrape.of(telemetry);
        assertEquals(2, scrape.value("eddy_records_dead_lettered_total{topic=\"images\"}"));
        assertEquals(1, scrape.value("eddy_records_received_total{partition=\"3\",topic=\"images\"}"));
    }

    @Test
    void aRestoredModelHasItsStepAndItsSnapshotAtOnce() {
        meters.restored(40, 1_000, 500_000);
        assertEquals(40, value("eddy_model_step"));
        assertEquals(40, value("eddy_snapshot_step"));
        assertEquals(1_000, value("eddy_snapshot_size_bytes"));
        assertEquals(500, value("eddy_snapshot_timestamp_seconds"));
        assertEquals(0, value("eddy_snapshots_total"), "none was written");
        Samples.step(meters, 41, 0);
        assertEquals(41, value("eddy_model_step"));
    }

    @Test
    void gaugesGoWithThePartitionAndCountersStay() {
        meters.received();
        Samples.step(meters, 4, 0);
        meters.lag(17);
        meters.snapshot(4, 1_000, 2_000_000, 500_000);
        meters.state("TRAINING");
        String before = telemetry.scrape();
        assertTrue(before.contains("eddy_lag_records{"), before);
        assertTrue(before.contains("eddy_vae_loss_nats{"), before);
        assertTrue(before.contains("eddy_partition_state{"), before);
        assertTrue(before.contains("eddy_snapshot_timestamp_seconds{"), before);

        telemetry.close(meters);
        meters.lag(5); // a monitor that does not know yet
        String after = telemetry.scrape();
        for (String gauge : new String[] {
            "eddy_lag_records{",
            "eddy_vae_loss_nats{",
            "eddy_model_step{",
            "eddy_partition_state{",
            "eddy_snapshot_timestamp_seconds{",
            "eddy_records_pending{",
            "eddy_training_stopped{"
        }) {
            assertFalse(after.contains(gauge), gauge);
        }
        assertEquals(1, value("eddy_records_received_total"));
        assertEquals(1, value("eddy_records_released_total"));
        assertEquals(1, value("eddy_snapshots_total"));

        telemetry.partition("images", 3);
        meters.received();
        assertEquals(2, value("eddy_records_received_total"));
        assertEquals(1, value("eddy_records_pending"));
        assertFalse(telemetry.scrape().contains("eddy_lag_records{"), "the old lag is not told again");
        meters.lag(3);
        assertEquals(3, value("eddy_lag_records"));
    }

    @Test
    void oneStateIsPresent() {
        meters.state("REPLAYING");
        meters.state("TRAINING");
        Scrape scrape = Scrape.of(telemetry);
        assertEquals(0, scrape.value("eddy_partition_state{partition=\"3\",state=\"REPLAYING\",topic=\"images\"}"));
        assertEquals(1, scrape.value("eddy_partition_state{partition=\"3\",state=\"TRAINING\",topic=\"images\"}"));
    }

    @Test
    void aStepTellsLossesAndTimes() {
        Samples.step(meters, 12, 2);
        assertEquals(12, value("eddy_model_step"));
        assertEquals(120, value("eddy_vae_loss_nats"));
        assertEquals(0.75, value("eddy_gan_real_accuracy_ratio"));
        assertEquals(2, value("eddy_records_rejected_total"));
        Scrape scrape = Scrape.of(telemetry);
        assertEquals(
                0.003,
                scrape.value("eddy_step_duration_seconds_sum{partition=\"3\",phase=\"vae\",topic=\"images\"}"),
                1e-9);
        assertEquals(
                1,
                scrape.value(
                        "eddy_step_duration_seconds_bucket{partition=\"3\",phase=\"vae\",topic=\"images\",le=\"0.005\"}"));
    }

    @Test
    void restoresReplaysAndGapsAreCounted() {
        meters.restore("newest");
        meters.restore("older_slot");
        meters.restore("older_slot");
        meters.gap(40);
        meters.snapshotCorrupt();
        meters.replay(0, 900);
        assertEquals(900, value("eddy_replay_remaining_records"));
        meters.replay(900, 0);
        meters.replayed(1_500_000_000L);
        assertEquals(0, value("eddy_replay_remaining_records"));
        assertEquals(900, value("eddy_records_replayed_total"));
        assertEquals(1.5, value("eddy_replay_duration_seconds_sum"));
        assertEquals(40, value("eddy_records_gap_total"));
        assertEquals(1, value("eddy_snapshots_corrupt_total"));
        Scrape scrape = Scrape.of(telemetry);
        assertEquals(2, scrape.value("eddy_restores_total{outcome=\"older_slot\",partition=\"3\",topic=\"images\"}"));
    }

    @Test
    void driftIsCountedAndMarked() {
        meters.driftEvidence(2.25);
        meters.driftAlarm(40, "p-values too small");
        assertEquals(2.25, value("eddy_drift_evidence_nats"));
        assertEquals(1, value("eddy_drift_alarms_total"));
        assertEquals("p-values too small", telemetry.live().marks().get(0).detail());
    }

    private double value(String name) {
        return Scrape.of(telemetry).value(name + "{partition=\"3\",topic=\"images\"}");
    }
}
