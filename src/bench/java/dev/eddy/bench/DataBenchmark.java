package dev.eddy.bench;

import dev.eddy.image.Image;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageFormat;
import dev.eddy.image.PngWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
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

/** Decoding a picture of 28 by 28. */
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
    private byte[] rawBytes = {};
    private byte[] pngBytes = {};
    private byte[] jpegBytes = {};

    @Setup
    public void setUp() throws IOException {
        rawBytes = Pictures.bytes(1)[0];
        pngBytes = PngWriter.png(new Image(Preset.GEOMETRY, rawBytes));
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, 28, 28, rawBytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        jpegBytes = out.toByteArray();
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
}
