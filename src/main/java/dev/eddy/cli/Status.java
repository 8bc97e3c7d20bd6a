package dev.eddy.cli;

import dev.eddy.telemetry.Health;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Says once a minute in the log how things stand. Not thread-safe. */
final class Status {

    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private long lastNanos = System.nanoTime();
    private long lastWorked;

    Status(Logger log) {
        this.log = log;
    }

    /** To be called often. */
    void tellEveryMinute(Endpoints endpoints) {
        long nanos = System.nanoTime() - lastNanos;
        if (nanos >= EVERY_NANOS) {
            MetricsText metrics = endpoints.metrics();
            long worked = metrics.worked();
            log.info(line(endpoints.health(), metrics, (worked - lastWorked) / (nanos / 1e9)));
            lastNanos += nanos;
            lastWorked = worked;
        }
    }

    /** @param perSecond records since the line before */
    static String line(Health health, MetricsText metrics, double perSecond) {
        double loss = metrics.mean("eddy_vae_loss_nats");
        return String.format(
                Locale.ROOT,
                "%s, %s: %.1f records/s, %d behind; since the start %d scored, %d of them flagged, %d dead letters;"
                        + " %d steps%s",
                health.state(),
                health.detail(),
                perSecond,
                metrics.count("eddy_lag_records"),
                metrics.count("eddy_records_scored_total"),
                metrics.count("eddy_records_anomalous_total"),
                metrics.count("eddy_records_dead_lettered_total"),
                metrics.count("eddy_model_step"),
                Double.isNaN(loss) ? "" : String.format(Locale.ROOT, ", VAE loss %.1f nats", loss));
    }
}
