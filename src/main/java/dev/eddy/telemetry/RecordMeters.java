package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;

/**
 * The meters of one partition's records: how many came, what became of them, and what the model says of them. Written
 * by one thread, read by any; {@link #received} and {@link #scored} allocate nothing.
 */
final class RecordMeters {

    private final Meters meters;
    private final Distributions.Of distributions;
    private final ScoreBins bins = new ScoreBins();
    private final Counter received;
    private final Counter scored;
    private final Counter released;
    private final Counter anomalous;
    private final Counter warming;

    RecordMeters(Meters meters, Distributions.Of distributions) {
        this.meters = meters;
        this.distributions = distributions;
        received = meters.counter(
                "eddy.records.received",
                "Valid records taken in for scoring; records, equals scored + pending + released");
        scored = meters.counter("eddy.records.scored", "Records with a score; records, at least 0");
        released = meters.counter(
                "eddy.records.released",
                "Records not yet scored when the partition left, scored by its next owner; records, at least 0");
        anomalous = meters.counter(
                "eddy.records.anomalous", "Records flagged as anomalies; records, at most those scored after warm-up");
        warming = meters.counter(
                "eddy.records.warming",
                "Records scored while the calibration was too short to flag any; records, at most those scored");
    }

    void open() {
        meters.gauge(
                "eddy.records.pending", "", "Records taken in and not yet scored; records, at least 0", this::pending);
    }

    void received() {
        received.increment();
    }

    /** As {@link PartitionMeters#scored}. */
    void scored(double score, double reconstructionError, double kl, double pValue, boolean anomaly, boolean warming) {
        scored.increment();
        distributions.score().observe(score);
        distributions.reconstruction().observe(reconstructionError);
        distributions.kl().observe(kl);
        bins.add(score);
        if (warming) {
            this.warming.increment();
        } else {
            distributions.pValue().observe(pValue);
        }
        if (anomaly) {
            anomalous.increment();
        }
    }

    /** What is pending is the next owner's to score. */
    void release() {
        released.increment(pending());
    }

    double receivedCount() {
        return received.count();
    }

    double scoredCount() {
        return scored.count();
    }

    double anomalousCount() {
        return anomalous.count();
    }

    double warmingCount() {
        return warming.count();
    }

    /** Reads what was scored first, so that a record scored meanwhile never makes it negative. */
    double pending() {
        double done = scored.count() + released.count();
        return received.count() - done;
    }

    ScoreBins bins() {
        return bins;
    }
}
