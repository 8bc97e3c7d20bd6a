package dev.eddy.telemetry;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * The histograms of what the model says of records. They are Prometheus' own and not Micrometer's distribution
 * summaries, because those drop values under zero, and half of all scores are. Thread-safe.
 */
final class Distributions {

    private final Histogram score;
    private final Histogram reconstruction;
    private final Histogram kl;
    private final Histogram pValue;

    Distributions(PrometheusRegistry registry) {
        score = histogram(
                registry,
                "eddy_score",
                "Anomaly scores of scored records, higher is stranger; no unit, typically -4 to 30",
                new double[] {-4, -3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30});
        reconstruction = histogram(
                registry,
                "eddy_reconstruction_error_nats",
                "Reconstruction errors of scored records; nats per image, at least 0",
                new double[] {5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000});
        kl = histogram(
                registry,
                "eddy_kl_nats",
                "Divergence of the posterior from the prior of scored records; nats per image, at least 0",
                new double[] {1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 200});
        pValue = histogram(
                registry,
                "eddy_p_value_ratio",
                "Conformal p-values of records scored after warm-up, uniform when calibrated; over 0 to 1",
                new double[] {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1});
    }

    /** The four histograms of one partition. */
    Of of(String topic, int partition) {
        String number = Integer.toString(partition);
        return new Of(
                score.labelValues(topic, number),
                reconstruction.labelValues(topic, number),
                kl.labelValues(topic, number),
                pValue.labelValues(topic, number));
    }

    record Of(
            DistributionDataPoint score,
            DistributionDataPoint reconstruction,
            DistributionDataPoint kl,
            DistributionDataPoint pValue) {}

    private static Histogram histogram(PrometheusRegistry registry, String name, String help, double[] upperBounds) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames("topic", "partition")
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .register(registry);
    }
}
