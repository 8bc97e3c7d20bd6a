package dev.eddy.cli;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Says once a minute in the log how things stand. Not thread-safe. */
final class Status {

    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private long nextNanos = System.nanoTime() + EVERY_NANOS;

    Status(Logger log) {
        this.log = log;
    }

    /** To be called often. */
    void tellEveryMinute(Endpoints endpoints) {
        if (System.nanoTime() - nextNanos >= 0) {
            nextNanos += EVERY_NANOS;
            log.info(line(endpoints.metrics()));
        }
    }

    static String line(MetricsText metrics) {
        return "received " + metrics.count("eddy_records_received_total")
                + ", scored " + metrics.count("eddy_records_scored_total")
                + ", flagged " + metrics.count("eddy_records_anomalous_total")
                + ", dead letters " + metrics.count("eddy_records_dead_lettered_total")
                + ", steps " + metrics.count("eddy_model_step")
                + ", behind by " + metrics.count("eddy_lag_records");
    }
}
