package dev.eddy.stream;

import dev.eddy.bench.Pictures;
import dev.eddy.cli.EddyConfig;
import dev.eddy.learn.Learner;
import dev.eddy.snapshot.MapStore;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.Telemetry;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a crash costs before and after it: a snapshot as it is written, a micro-batch as it is replayed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RecoveryBenchmark {

    private final StreamSettings settings =
            new EddyConfig(Map.of("bootstrap.servers", "localhost:1", "models.topic", "models", "seed", "1")).stream();
    private final int rows = settings.learner().batchSize();
    private final byte[][] pictures = Pictures.bytes(16 * rows);
    private final Telemetry telemetry = new Telemetry("bench");
    private final PartitionMeters meters = telemetry.partition("images", 0);
    private final MapStore store = new MapStore();
    private final MemoryLog log = new MemoryLog();
    private final Learner learner = new Learner(settings.learner(), 0);
    private final Output output = new NoOutput();
    private final Fold fold = new Fold(learner, output, meters, settings, () -> {});
    private final Snapshots snapshots =
            new Snapshots(settings, 0, learner, store, Models.NONE, output, meters, System::currentTimeMillis);
    private final CatchUp catchUp = new CatchUp(
            "images-0",
            settings,
            log.connect(new SplittableRandom(1)),
            fold,
            snapshots,
            new Formats(
                    "images-0", store, settings.decoder(), settings.learner().geometry()),
            meters,
            System::currentTimeMillis,
            fold::accept);

    public RecoveryBenchmark() {
        fold.begin(0, Long.MAX_VALUE); // all scores are out
        catchUp.begin(0, 0, 0);
    }

    /** With the weights' digest, and the model as it is published. */
    @Benchmark
    public void snapshot() {
        snapshots.write(fold, Long.MAX_VALUE);
    }

    /** Of records whose scores are out already: read, decoded, added, trained on. */
    @Benchmark
    public long replayOfAMicroBatch() {
        long from = log.end();
        log.retainFrom(from);
        for (int i = 0; i < rows; i++) {
            catchUp.extend(log.end());
            log.append(pictures[(int) (log.end() % pictures.length)]);
        }
        boolean done;
        do {
            done = catchUp.slice(); // a poll may bring nothing
        } while (!done);
        return fold.step();
    }

    @TearDown
    public void close() {
        catchUp.close();
        learner.close();
        telemetry.close();
    }
}
