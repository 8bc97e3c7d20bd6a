package dev.eddy.telemetry;

/** Plausible calls. */
final class Samples {

    private Samples() {}

    /** Calls everything that registers a meter. */
    static void speak(Telemetry telemetry) {
        PartitionMeters meters = telemetry.partition("images", 0);
        telemetry.alpha(0.01);
        telemetry.health(() -> new Health("RUNNING", true, true, ""));
        telemetry.deadLettered("images");
        meters.received();
        meters.scored(0.5, 20, 10, 0.3, false, false);
        step(meters, 1, 0);
        meters.lag(1);
        meters.snapshot(1, 2, 3, 4);
        meters.replay(1, 1);
        meters.replayed(2);
        meters.restore("fresh");
        meters.gap(1);
        meters.snapshotCorrupt();
        meters.trainingStopped(true);
        meters.samplesPublished("vae", 16);
        meters.modelPublished();
        meters.modelAdopted(1, 1_000);
        meters.state("TRAINING");
        telemetry.labelled("7", true);
        meters.driftEvidence(0.5);
        meters.sampleQuality(0.4, 0.9);
        meters.driftAlarm(1, "drift");
        meters.sync().contributed(1);
        meters.sync().adopted(1);
        AggregatorMeters aggregator = telemetry.aggregator("images");
        aggregator.contribution("COUNTED");
        aggregator.torn();
        aggregator.round(1, 2);
        aggregator.timedOut();
        aggregator.closed(1, 2);
    }

    static void step(PartitionMeters meters, long step, int rejected) {
        meters.step(
                step, 120, 100, 20, 3.5, 0.7, 0.6, 1.5, 2.5, 0.75, 0.8, 0.7, 1, 1, rejected, 0, 1_000_000, 3_000_000,
                8_000_000, 50_000);
    }
}
