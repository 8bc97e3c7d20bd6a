package dev.eddy.telemetry;

/** Plausible calls. */
final class Samples {

    private Samples() {}

    static void step(PartitionMeters meters, long step, int rejected) {
        meters.step(
                step, 120, 100, 20, 3.5, 0.7, 0.6, 1.5, 2.5, 0.75, 0.8, 1, 1, rejected, 0, 1_000_000, 3_000_000,
                8_000_000, 50_000);
    }
}
