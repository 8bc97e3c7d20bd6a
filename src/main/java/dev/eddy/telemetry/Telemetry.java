package dev.eddy.telemetry;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All that one application tells about itself: meters in Prometheus' text format, and what the live page shows. Every
 * meter of Eddy's own is named {@code eddy_*}, is in base units, says its unit and range in its description, and has at
 * most the labels application, topic, partition, kind, model, phase, outcome, state and label, of which there are few;
 * never a record's key. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {

    private record Key(String topic, int partition) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry, Tags.empty());
    private final Distributions distributions = new Distributions(registry.getPrometheusRegistry());
    private final Map<Key, PartitionMeters> partitions = new ConcurrentHashMap<>();
    private final DeadLetters deadLetters = new DeadLetters(meters);
    private final Labels labels = new Labels(meters);
    private final LiveData live;
    private final Deque<AutoCloseable> bindings = new ConcurrentLinkedDeque<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "eddy-telemetry");
        thread.setDaemon(true);
        return thread;
    });

    /** Meters of the JVM and the process are there at once; the page's histories grow by a point a second. */
    public Telemetry(String applicationId) {
        this(applicationId, System::currentTimeMillis);
        var unused = ticker.scheduleAtFixedRate(live::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** The page's histories grow only when {@link LiveData#tick} is called. */
    Telemetry(String applicationId, LongSupplier clockMillis) {
        live = new LiveData(applicationId, clockMillis, partitions.values(), deadLetters, labels);
        meters.gauge("eddy.info", "", "The application, in labels; always 1", () -> 1, "application", applicationId);
        bind(new ClassLoaderMetrics());
        bind(new JvmInfoMetrics());
        bind(new JvmMemoryMetrics());
        bind(new JvmGcMetrics());
        bind(new JvmThreadMetrics());
        bind(new ProcessorMetrics());
        bind(new UptimeMetrics());
        bind(new FileDescriptorMetrics());
        bind(new LogbackMetrics());
        bind(new ResidentMemory());
    }

    /** Adds meters; what is closeable among them is closed with this. */
    void bind(MeterBinder binder) {
        binder.bindTo(registry);
        if (binder instanceof AutoCloseable closeable) {
            bindings.push(closeable);
        }
    }

    /** The meters of a partition that this process now works on; the same ones when asked again. */
    public PartitionMeters partition(String topic, int partition) {
        deadLetters.startAtZero(topic);
        PartitionMeters meters = partitions.computeIfAbsent(
                new Key(topic, partition), key -> new PartitionMeters(topic, partition, registry, distributions, live));
        meters.open();
        return meters;
    }

    /** The meters of the aggregating task that this process now works on, to be closed when it leaves. */
    public AggregatorMeters aggregator(String topic) {
        return new AggregatorMeters(topic, registry);
    }

    /** The partition was revoked: its gauges go, its counters stay, its pending records count as released. */
    public void close(PartitionMeters meters) {
        meters.close();
    }

    /** Counts one record of a topic that did not decode. */
    public void deadLettered(String topic) {
        deadLetters.increment(topic);
    }

    /**
     * Counts the score of a record that came with a label.
     *
     * @param label any text
     * @param anomaly whether the record is flagged
     */
    public void labelled(String label, boolean anomaly) {
        labels.scored(label, anomaly);
    }

    /** Tells the configured false-positive rate, 0 to 1, beside which the realised one is read. */
    public void alpha(double alpha) {
        meters.gauge(
                "eddy.anomaly.alpha", "ratio", "Configured false-positive rate of the alarms; 0 to 1", () -> alpha);
        live.alpha(alpha);
    }

    /** Serves the health as meters and on the page. */
    void health(Supplier<Health> health) {
        meters.gauge(
                "eddy.health.live",
                "",
                "Whether the application is live; 0 or 1",
                () -> health.get().live() ? 1 : 0);
        meters.gauge(
                "eddy.health.ready",
                "",
                "Whether the application works on records; 0 or 1",
                () -> health.get().ready() ? 1 : 0);
        live.health(health);
    }

    /** All meters in Prometheus' text format, version 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    /** What the live page shows; to be fed with pictures. */
    public LiveData live() {
        return live;
    }

    ScheduledExecutorService ticker() {
        return ticker;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        while (!bindings.isEmpty()) {
            try {
                bindings.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a meter binding did not close", e);
            }
        }
        registry.close();
    }
}
