package dev.eddy.bench;

import dev.eddy.image.Image;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageFormat;
import dev.eddy.image.PngWriter;
import dev.eddy.learn.Learner;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.MapStore;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Around the numerics: decoding a picture of 28 by 28, capturing a snapshot, replaying a micro-batch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DataBenchmark {

    private final ImageDecoder raw = ImageFormat.RAW.decoder(Preset.GEOMETRY);
    private final ImageDecoder png = ImageFormat.PNG.decoder(Preset.GEOMETRY);
    private final ImageDecoder jpeg = ImageFormat.JPEG.decoder(Preset.GEOMETRY);
    private final MapStore bytes = new MapStore();
    private byte[] rawBytes = {};
    private byte[] pngBytes = {};
    private byte[] jpegBytes = {};
    private byte[][] pictures = {};
    private @Nullable Learner learner;

    @Setup
    public void setUp() throws IOException {
        pictures = Pictures.bytes(64);
        rawBytes = pictures[0];
        pngBytes = PngWriter.png(new Image(Preset.GEOMETRY, rawBytes));
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, 28, 28, rawBytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        jpegBytes = out.toByteArray();
        learner = new Learner(Preset.DEFAULT.learner(64, 32), 0);
    }

    @Benchmark
    public Image decodeRaw() {
        return raw.decode(rawBytes);
    }

    @Benchmark
    public Image decodePng() {
        return png.decode(pngBytes);
    }

    @Benchmark
    public Image decodeJpeg() {
        return jpeg.decode(jpegBytes);
    }

    @Benchmark
    public long snapshot() {
        Learner subject = learner();
        SnapshotHeader header = new SnapshotHeader(
                "images", 0, 1, 1, 64, 0, "bench", "", 0, Fingerprint.of(subject.config()), List.of("start"));
        return new SnapshotStore(bytes, 512 * 1024)
                .write(header, subject::visit)
                .bytes();
    }

    /** What replay does for a micro-batch whose scores are out already: add and train. */
    @Benchmark
    public long replayOfAMicroBatch() {
        Learner subject = learner();
        for (byte[] picture : pictures) {
            subject.add(picture);
        }
        return subject.train().step();
    }

    private Learner learner() {
        if (learner == null) {
            throw new IllegalStateException("JMH sets up first");
        }
        return learner;
    }
}
