package dev.eddy.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The meters of the task that averages the contributions of all partitions of one topic. Contributions that were not
 * {@code counted} were dropped. Written by one thread, read by any.
 */
public final class AggregatorMeters implements AutoCloseable {

    private final Meters meters;
    private final Counter timeouts;
    private final Counter sent;
    private final Timer duration;
    private volatile long rounds;
    private volatile int contributors;

    AggregatorMeters(String topic, MeterRegistry registry) {
        meters = new Meters(registry, Tags.of("topic", topic));
        timeouts = meters.counter(
                "eddy.aggregator.timeouts", "Rounds closed without a quorum, for lack of time; rounds, at least 0");
        sent = meters.counter("eddy.aggregator.sent.bytes", "Size of the global weights sent; bytes, at least 0");
        duration = meters.timer(
                "eddy.aggregator.round.duration",
                "Time from a round's first contribution to its close; seconds, at least 0");
        // Served from zero on, so that the first one shows as an increase.
        List.of("counted", "duplicate", "stale", "foreign", "torn").forEach(this::contributions);
        meters.gauge("eddy.aggregator.round", "", "Rounds closed; rounds, at least 0", () -> rounds);
        meters.gauge(
                "eddy.aggregator.contributors",
                "",
                "Partitions that have contributed to the open round; partitions, at least 0",
                () -> contributors);
    }

    private Counter contributions(String outcome) {
        return meters.counter(
                "eddy.aggregator.contributions",
                "Contributions received, by what became of them; contributions, at least 0",
                "outcome",
                outcome);
    }

    /** Counts one contribution by what became of it: counted, duplicate, stale, foreign. */
    public void contribution(String outcome) {
        contributions(outcome.toLowerCase(Locale.ROOT)).increment();
    }

    /** Counts one that did not come whole. */
    public void torn() {
        contributions("torn").increment();
    }

    /** Tells the rounds closed and the contributions to the open one. */
    public void round(long closed, int contributors) {
        this.rounds = closed;
        this.contributors = contributors;
    }

    /** Counts one round by the bytes that were sent and the time since its first contribution. */
    public void closed(long bytes, long millis) {
        sent.increment((double) bytes);
        duration.record(millis, TimeUnit.MILLISECONDS);
    }

    /** Counts one round that was closed for lack of time. */
    public void timedOut() {
        timeouts.increment();
    }

    /** The task has left this process: its gauges go, its counters stay. */
    @Override
    public void close() {
        meters.removeGauges();
    }
}
