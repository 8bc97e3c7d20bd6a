package dev.eddy.telemetry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the live page shows: bounded histories of figures, and the latest pictures. The figures are read from the meters
 * once a second; the pictures are handed in as PNG and kept by reference, at most five anomalies and one of each other
 * kind a second, what is more being left out. Memory is bounded whatever the stream does.
 * Thread-safe; no call blocks for longer than a copy.
 */
public final class LiveData {

    /** A drift on the time axis. */
    record Mark(long millis, String topic, int partition, long step, String detail) {}

    private final String applicationId;
    private final LongSupplier clockMillis;
    private final Collection<PartitionMeters> partitions;
    private final Labels labels;
    private final Sampler sampler;
    private final long startedMillis;

    private final AtomicLong pictures = new AtomicLong();
    private final Gallery anomalies = new Gallery(24, 200);
    private final Gallery vaeSamples = new Gallery(7, 1_000);
    private final Gallery ganSamples = new Gallery(7, 1_000);
    private final Gallery reconstructions = new Gallery(12, 1_000);
    private final Recent<Mark> marks = new Recent<>(100);

    private volatile double alpha = Double.NaN;
    private volatile Supplier<Health> health = () -> new Health("STARTING", true, false, "");

    LiveData(
            String applicationId,
            LongSupplier clockMillis,
            Collection<PartitionMeters> partitions,
            DeadLetters deadLetters,
            Labels labels) {
        this.applicationId = applicationId;
        this.clockMillis = clockMillis;
        this.partitions = partitions;
        this.labels = labels;
        startedMillis = clockMillis.getAsLong();
        sampler = new Sampler(partitions, deadLetters, startedMillis);
    }

    /**
     * Shows a flagged record.
     *
     * @param score main score
     * @param pValue over 0 to 1
     * @param pngTriptych input, reconstruction and error map side by side, each of the same width
     */
    public void anomaly(String topic, int partition, long offset, double score, double pValue, byte[] pngTriptych) {
        anomalies.add(picture(topic, partition, offset, score, pValue, pngTriptych));
    }

    /**
     * Shows fresh samples.
     *
     * @param kind vae or gan
     * @param step the model's step
     * @param png a grid of samples
     */
    public void samples(String kind, long step, byte[] png) {
        gallery(kind).add(picture("", -1, step, Double.NaN, Double.NaN, png));
    }

    private Gallery gallery(String kind) {
        return switch (kind) {
            case "vae" -> vaeSamples;
            case "gan" -> ganSamples;
            default -> throw new IllegalArgumentException("samples of kind " + kind + ": the kinds are vae and gan");
        };
    }

    /**
     * Shows an ordinary record.
     *
     * @param png input and reconstruction side by side, each of the same width; drawn only if it is shown
     */
    public void reconstruction(Supplier<byte[]> png) {
        if (reconstructions.isDue(clockMillis.getAsLong())) {
            reconstructions.add(picture("", -1, -1, Double.NaN, Double.NaN, png.get()));
        }
    }

    /** Marks a drift on the time axis, with one line that says what drifted. */
    void drift(String topic, int partition, long step, String detail) {
        marks.add(new Mark(clockMillis.getAsLong(), topic, partition, step, detail));
    }

    private Gallery.Picture picture(
            String topic, int partition, long position, double score, double pValue, byte[] png) {
        return new Gallery.Picture(
                pictures.incrementAndGet(), clockMillis.getAsLong(), topic, partition, position, score, pValue, png);
    }

    /** Takes one sample of the meters. */
    void tick() {
        sampler.tick(clockMillis.getAsLong());
    }

    void alpha(double alpha) {
        this.alpha = alpha;
    }

    void health(Supplier<Health> health) {
        this.health = health;
    }

    String applicationId() {
        return applicationId;
    }

    /** Unix time of the start; another value tells the page that the application was restarted. */
    long startedMillis() {
        return startedMillis;
    }

    long nowMillis() {
        return clockMillis.getAsLong();
    }

    double alpha() {
        return alpha;
    }

    Health health() {
        return health.get();
    }

    Sampler sampler() {
        return sampler;
    }

    /** The partitions that this process works on, by topic and number. */
    List<PartitionMeters> partitions() {
        return partitions.stream()
                .filter(PartitionMeters::isOpen)
                .sorted(Comparator.comparing(PartitionMeters::topic).thenComparingInt(PartitionMeters::partition))
                .toList();
    }

    List<Labels.Count> labels() {
        return labels.list();
    }

    List<Gallery.Picture> anomalies() {
        return anomalies.list();
    }

    /** @param kind vae or gan */
    List<Gallery.Picture> samples(String kind) {
        return gallery(kind).list();
    }

    List<Gallery.Picture> reconstructions() {
        return reconstructions.list();
    }

    List<Mark> marks() {
        return marks.list();
    }

    /** The PNG of a picture that is still kept. */
    Optional<byte[]> png(long id) {
        return Stream.of(anomalies, vaeSamples, ganSamples, reconstructions)
                .flatMap(gallery -> gallery.find(id).stream())
                .map(Gallery.Picture::png)
                .findFirst();
    }
}
