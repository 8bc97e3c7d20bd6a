package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;

/** The meters of one partition's part in a model that is learned together. Written by one thread, read by any. */
public final class SyncMeters {

    private final Meters meters;
    private final Counter contributions;
    private final Counter adoptions;
    private final Counter sent;
    private boolean served;
    private volatile long round;

    SyncMeters(Meters meters) {
        this.meters = meters;
        contributions = meters.counter(
                "eddy.sync.contributions", "Contributions sent to the global weights; contributions, at least 0");
        adoptions = meters.counter("eddy.sync.adoptions", "Global weights adopted; adoptions, at least 0");
        sent = meters.counter("eddy.sync.contributed.bytes", "Size of the contributions sent; bytes, at least 0");
    }

    /** Counts one contribution. */
    public void contributed(long bytes) {
        contributions.increment();
        sent.increment((double) bytes);
    }

    /** Counts one adoption of the global weights of a round, 1 the first. */
    public void adopted(long round) {
        adoptions.increment();
        round(round);
    }

    /** Tells which global weights the model was last brought together with, 0 for none. */
    public void round(long round) {
        this.round = round;
        if (!served) {
            served = true;
            meters.gauge(
                    "eddy.sync.round",
                    "",
                    "Round of the global weights that the model was last brought together with; rounds, at least 0",
                    () -> this.round);
        }
    }

    void forget() {
        served = false;
    }
}
