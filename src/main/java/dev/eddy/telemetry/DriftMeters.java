package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;

/** The meters of one partition's drift; the gauge is there from the first value on. Written by one thread, read by any. */
final class DriftMeters {

    private final Meters meters;
    private final Counter alarms;
    private volatile double evidence = Double.NaN;

    DriftMeters(Meters meters) {
        this.meters = meters;
        alarms = meters.counter("eddy.drift.alarms", "Alarms on drift of the stream; alarms, at least 0");
    }

    void alarm() {
        alarms.increment();
    }

    /** As {@link PartitionMeters#driftEvidence}. */
    void evidence(double nats) {
        boolean first = Double.isNaN(evidence);
        evidence = nats;
        if (first) {
            meters.gauge(
                    "eddy.drift.evidence",
                    "nats",
                    "Evidence that what is normal has changed, as a logarithm; nats, 0 to ln(anomaly.drift.run.length),"
                            + " where it alarms",
                    () -> evidence);
        }
    }

    /** Not a number while unknown. */
    double evidence() {
        return evidence;
    }

    /** The gauge is gone; it comes again with the next value. */
    void forget() {
        evidence = Double.NaN;
    }
}
