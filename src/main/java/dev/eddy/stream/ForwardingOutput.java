package dev.eddy.stream;

import dev.eddy.image.ErrorMap;
import dev.eddy.image.Geometry;
import dev.eddy.image.ImageGrid;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.Parcel;
import dev.eddy.sync.SyncCodec;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a partition's results into records for the sinks, and hands the pictures to the live page. */
final class ForwardingOutput implements Output {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardingOutput.class);

    private final ProcessorContext<byte @Nullable [], Object> context;
    private final String topic;
    private final int partition;
    private final String labelHeader;
    private final Geometry geometry;
    private final int scale;
    private final int chunkBytes;
    private final MessageLimit limit;
    private final PartitionMeters meters;
    private final Telemetry telemetry;
    private final LongSupplier clockMillis;
    private boolean warned;
    private @Nullable SnapshotHeader model;

    ForwardingOutput(
            ProcessorContext<byte @Nullable [], Object> context,
            StreamSettings settings,
            int partition,
            MessageLimit limit,
            PartitionMeters meters,
            Telemetry telemetry,
            LongSupplier clockMillis) {
        this.context = context;
        this.topic = settings.topics().input();
        this.partition = partition;
        this.labelHeader = settings.labelHeader();
        this.geometry = settings.learner().geometry();
        this.scale = ImageGrid.viewableScale(geometry);
        this.chunkBytes = settings.snapshotChunkBytes();
        this.limit = limit;
        this.meters = meters;
        this.telemetry = telemetry;
        this.clockMillis = clockMillis;
    }

    @Override
    public void score(PendingImage image, Score score) {
        ScoreRecord value = new ScoreRecord(topic, partition, image.offset(), image.timestamp(), score, model);
        MessageLimit.Message message = limit.fit(image.key(), null, image.headers(), true);
        forward(message.key(), value, image.timestamp(), message.headers(), EddyTopology.SCORES);
        Header label = labelHeader.isEmpty() ? null : image.headers().lastHeader(labelHeader);
        if (label != null && label.value() != null && label.value().length > 0) {
            telemetry.labelled(new String(label.value(), StandardCharsets.UTF_8), score.anomaly());
        }
    }

    @Override
    public void anomaly(PendingImage image, Score score, float[] reconstruction) {
        // A quarter of the record is for key and headers.
        byte[] png = ErrorMap.png(geometry, image.pixels(), reconstruction, scale, limit.bytes() / 4 * 3);
        Headers headers = new RecordHeaders(image.headers());
        text(headers, "eddy-topic", topic);
        text(headers, "eddy-partition", partition);
        text(headers, "eddy-offset", image.offset());
        text(headers, "eddy-score", score.score());
        text(headers, "eddy-p-value", score.pValue());
        text(headers, "eddy-step", score.step());
        if (fits(png, EddyTopology.ANOMALIES)) {
            MessageLimit.Message message = limit.fit(image.key(), png, headers, true);
            forward(message.key(), png, image.timestamp(), message.headers(), EddyTopology.ANOMALIES);
        }
        telemetry.live().anomaly(topic, partition, image.offset(), score.score(), score.pValue(), png);
    }

    @Override
    public void samples(SampleKind kind, long step, float[][] images) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        byte[] png = ImageGrid.png(geometry, images, scale);
        Headers headers = new RecordHeaders();
        text(headers, "eddy-kind", name);
        text(headers, "eddy-step", step);
        text(headers, "eddy-topic", topic);
        text(headers, "eddy-partition", partition);
        Headers ofGrid = new RecordHeaders(headers);
        text(ofGrid, "eddy-format", "png");
        if (fits(png, EddyTopology.SAMPLES)) {
            forward(key, png, 0, ofGrid, EddyTopology.SAMPLES);
        }
        Headers ofRaw = new RecordHeaders(headers);
        text(ofRaw, "eddy-format", "raw");
        text(
                ofRaw,
                "eddy-shape",
                images.length + "," + geometry.height() + "," + geometry.width() + "," + geometry.channels());
        byte[] raw = raw(images);
        if (fits(raw, EddyTopology.SAMPLES)) {
            forward(key, raw, 0, ofRaw, EddyTopology.SAMPLES);
        }
        meters.samplesPublished(name, images.length);
        telemetry.live().samples(name, step, png);
    }

    @Override
    public long contribution(Contribution contribution) {
        long bytes = 0;
        int index = 0;
        for (byte[] chunk : Parcel.split(SyncCodec.encode(contribution), chunkBytes)) {
            context.forward(
                    new Record<>(new SyncKey(partition, index++).bytes(), chunk, clockMillis.getAsLong()),
                    EddyTopology.CONTRIBUTIONS);
            bytes += chunk.length;
        }
        return bytes;
    }

    @Override
    public void switched(SnapshotHeader newest) {
        model = newest;
    }

    @Override
    public void model(String key, byte @Nullable [] value) {
        context.forward(
                new Record<>(key.getBytes(StandardCharsets.UTF_8), value, clockMillis.getAsLong()),
                EddyTopology.MODELS);
    }

    @Override
    public void ordinary(PendingImage image, float[] reconstruction) {
        telemetry
                .live()
                .reconstruction(
                        () -> ImageGrid.png(geometry, List.of(image.pixels(), ImageGrid.bytes(reconstruction)), scale));
    }

    private boolean fits(byte[] value, String sink) {
        boolean fits = value.length <= limit.bytes();
        if (!fits && !warned) {
            warned = true;
            LOG.warn("{}: pictures of {} bytes are not published, the limit is {}", sink, value.length, limit.bytes());
        }
        return fits;
    }

    /** A record's own timestamp is passed on; without one it is now, or the topic's retention would take it at once. */
    private void forward(byte @Nullable [] key, Object value, long timestamp, Headers headers, String sink) {
        context.forward(new Record<>(key, value, timestamp > 0 ? timestamp : clockMillis.getAsLong(), headers), sink);
    }

    private byte[] raw(float[][] images) {
        ByteBuffer all = ByteBuffer.allocate(images.length * geometry.size());
        for (float[] image : images) {
            all.put(ImageGrid.bytes(image));
        }
        return all.array();
    }

    private static void text(Headers headers, String key, Object value) {
        headers.add(key, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }
}
