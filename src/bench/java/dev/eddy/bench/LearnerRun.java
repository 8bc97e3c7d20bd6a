package dev.eddy.bench;

import com.sun.management.ThreadMXBean;
import dev.eddy.cli.EddyConfig;
import dev.eddy.stream.EddyStreams;
import dev.eddy.stream.Models;
import dev.eddy.stream.StreamStartException;
import dev.eddy.telemetry.Telemetry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The topology of {@code run} at its defaults, at work on a topic from its beginning, with a group of its own. */
final class LearnerRun implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofSeconds(1); // a glance takes milliseconds of a core
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String application = "bench-" + UUID.randomUUID();
    private final Telemetry telemetry = new Telemetry(application);
    private final EddyStreams streams;

    LearnerRun(FilledBroker broker, String topic, int threads, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "bootstrap.servers",
                broker.servers(),
                "application.id",
                application,
                "input.topic",
                topic,
                "scores.topic",
                "scores-of-" + topic,
                "num.stream.threads",
                Integer.toString(threads),
                "state.dir",
                broker.directory().toString()));
        keys.putAll(more);
        try {
            streams = EddyStreams.start(new EddyConfig(keys).stream(), Models.NONE, telemetry);
        } catch (StreamStartException e) {
            throw new IllegalStateException("the learner does not start: " + e.getMessage(), e);
        }
    }

    /** Waits until at least so many records are scored; how many are then. */
    double await(double scored) throws InterruptedException {
        double sum = sum("eddy_records_scored_total");
        while (sum < scored) {
            pass(GLANCE);
            sum = sum("eddy_records_scored_total");
        }
        return sum;
    }

    /** Waits until the newest snapshot holds all that was learned: there is nothing left to do. */
    void awaitLastSnapshot() throws InterruptedException {
        while (sum("eddy_snapshot_step") < sum("eddy_model_step")) {
            pass(GLANCE);
        }
    }

    /** Lets time pass while the learner works, or idles. */
    void pass(Duration time) throws InterruptedException {
        if (streams.awaitEnd(time)) {
            throw new IllegalStateException("the learner ended: " + streams.failure());
        }
    }

    /** A meter's sum over the partitions. */
    private double sum(String meter) {
        Matcher matcher = Pattern.compile("^" + meter + "(?:\\{[^}]*})? (\\S+)", Pattern.MULTILINE)
                .matcher(telemetry.scrape());
        double sum = 0;
        while (matcher.find()) {
            sum += Double.parseDouble(matcher.group(1));
        }
        return sum;
    }

    /** Records a second on the wall between two counts of scored records. */
    double rate(double from, double to) throws InterruptedException {
        double before = await(from);
        long start = System.nanoTime();
        double after = await(to);
        return (after - before) / (System.nanoTime() - start) * 1e9;
    }

    /** Bytes that the stream threads have allocated on the heap so far. */
    long allocatedBytes() {
        return sum(".*-StreamThread-\\d+", THREADS::getThreadAllocatedBytes);
    }

    /** Time on a processor, in nanoseconds, of the threads of the learner and its clients. */
    long processorNanos() {
        return sum(".*" + application + ".*|eddy-.*", THREADS::getThreadCpuTime);
    }

    private static long sum(String names, LongUnaryOperator figure) {
        long sum = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().matches(names)) {
                sum += Math.max(0, figure.applyAsLong(thread.getThreadId()));
            }
        }
        return sum;
    }

    @Override
    public void close() {
        streams.close();
        telemetry.close();
    }
}
