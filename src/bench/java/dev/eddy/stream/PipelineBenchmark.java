package dev.eddy.stream;

import dev.eddy.bench.Pictures;
import dev.eddy.bench.Preset;
import dev.eddy.cli.EddyConfig;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageFormat;
import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.MapStore;
import dev.eddy.sync.Contribution;
import dev.eddy.telemetry.Telemetry;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A record's way through the pipeline but for Kafka Streams and the clients: decoded, taken in, scored, trained on, its
 * score as JSON, snapshots at their intervals. With {@code -prof gc} the bytes that a record allocates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PipelineBenchmark {

    private static final int PICTURES = 1024;

    @Param({"true", "false"})
    private boolean train = true;

    private final byte[][] pictures = Pictures.bytes(PICTURES);
    private final ImageDecoder raw = ImageFormat.RAW.decoder(Preset.GEOMETRY);
    private final Headers headers = new RecordHeaders();
    private final Telemetry telemetry = new Telemetry("bench");
    private final Json json = new Json();
    private long offset;
    private PartitionLearner learner = start(true);
    private boolean training = true;

    /** Takes results as the sinks do, and drops them. */
    private static final class Json implements Output {

        private long bytes;

        @Override
        public void score(PendingImage image, Score score) {
            bytes += new ScoreRecord("images", 0, image.offset(), image.timestamp(), score, null).json().length;
        }

        @Override
        public void anomaly(PendingImage image, Score score, float[] reconstruction) {
            bytes += reconstruction.length;
        }

        @Override
        public void samples(SampleKind kind, long step, float[][] images) {
            bytes += images.length;
        }

        @Override
        public void model(String key, byte @Nullable [] value) {
            bytes += key.length();
        }

        @Override
        public long contribution(Contribution contribution) {
            return 0;
        }

        @Override
        public void ordinary(PendingImage image, float[] reconstruction) {
            bytes += reconstruction.length;
        }
    }

    private PartitionLearner start(boolean trains) {
        StreamSettings settings = new EddyConfig(
                        Map.of("bootstrap.servers", "localhost:1", "train", Boolean.toString(trains), "seed", "1"))
                .stream();
        return new PartitionLearner(
                settings,
                0,
                new Learner(settings.learner(), 0),
                new MapStore(),
                new MemoryLog().connect(new SplittableRandom(1)),
                json,
                Models.NONE,
                telemetry.partition("images", 0),
                System::currentTimeMillis);
    }

    @Benchmark
    public long record() {
        if (train != training) {
            learner.close();
            learner = start(train);
            training = train;
        }
        byte[] pixels = raw.decode(pictures[(int) (offset % PICTURES)]).pixels();
        learner.process(new PendingImage(offset, offset, null, headers, pixels));
        offset++;
        return json.bytes;
    }
}
