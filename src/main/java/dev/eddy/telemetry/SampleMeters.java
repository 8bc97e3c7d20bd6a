package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.List;

/**
 * The meters of one partition's generated samples; the gauges of their quality are there from the first judgement on.
 * Written by one thread, read by any.
 */
final class SampleMeters {

    private final Meters meters;
    private volatile double frechetDistance = Double.NaN;
    private volatile double coverage = Double.NaN;

    SampleMeters(Meters meters) {
        this.meters = meters;
        // Served from zero on, so that the first one shows as an increase.
        List.of("vae", "gan").forEach(this::samples);
    }

    private Counter samples(String kind) {
        return meters.counter(
                "eddy.samples.published", "Generated samples published, by kind; samples, at least 0", "kind", kind);
    }

    void published(String kind, int n) {
        samples(kind).increment(n);
    }

    /** As {@link PartitionMeters#sampleQuality}. */
    void quality(double frechetDistance, double coverage) {
        boolean first = Double.isNaN(this.frechetDistance);
        this.frechetDistance = frechetDistance;
        this.coverage = coverage;
        if (first) {
            meters.gauge(
                    "eddy.gan.frechet.distance",
                    "",
                    "Frechet distance of the GAN's samples to recent images in the VAE encoder's features; no unit, at"
                            + " least 0, comparable within a partition",
                    () -> this.frechetDistance);
            meters.gauge(
                    "eddy.gan.coverage",
                    "ratio",
                    "Share of recent images with a sample of the GAN near them in the VAE encoder's features; 0 to 1,"
                            + " 0.97 for images themselves",
                    () -> this.coverage);
        }
    }

    /** The gauges are gone; they come again with the next judgement. */
    void forget() {
        frechetDistance = Double.NaN;
        coverage = Double.NaN;
    }
}
