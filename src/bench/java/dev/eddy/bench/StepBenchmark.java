package dev.eddy.bench;

import dev.eddy.bench.EddySide.Step;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whole steps of the models and of the learner; with {@code -prof gc} the bytes that one allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StepBenchmark {

    @Param({"DEFAULT", "CLASSIC"})
    private Preset preset = Preset.DEFAULT;

    @Param({"VAE", "GAN", "SCORE", "LEARNER"})
    private Work work = Work.VAE;

    @Param({"64"})
    private int batch = 64;

    private Step step = i -> {};
    private int next;

    @Setup
    public void setUp() {
        step = new EddySide().step(Case.of(preset, work, batch));
    }

    @Benchmark
    public void step() {
        step.run(next++ & 0xFFFF);
    }
}
