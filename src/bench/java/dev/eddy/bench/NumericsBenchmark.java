package dev.eddy.bench;

import dev.eddy.nn.Adam;
import dev.eddy.nn.Bernoulli;
import dev.eddy.nn.Blas;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Elementwise;
import dev.eddy.nn.Gradients;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Matrix;
import dev.eddy.nn.Parameters;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** What a step is made of: products, loops over a micro-batch of 64 pictures, the optimizer over 473,000 weights. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NumericsBenchmark {

    private static final int ROWS = 64;
    private static final int WEIGHTS = 473_000;
    private static final Layers LAYER = new Layers(List.of(Preset.SIZE, 256), 0, 0);
    private static final Layers NETWORK = new Layers(List.of(WEIGHTS - 1, 1), 0, 0);

    private final Matrix pictures = new Matrix(ROWS, Preset.SIZE);
    private final Matrix weights = new Matrix(Preset.SIZE, 256);
    private final Matrix hidden = new Matrix(ROWS, 256);
    private final Gradients gradient = new Gradients(ROWS, LAYER);
    private final Parameters parameters = new Parameters(WEIGHTS);
    private final Gradients gradients = new Gradients(1, NETWORK);
    private final Parameters average = new Parameters(WEIGHTS);
    private final Adam adam = new Adam(WEIGHTS, 1e-3, 0.9, 0.999);
    private final Bernoulli bernoulli = new Bernoulli(Preset.SIZE);
    private final CounterRandom random = new CounterRandom(1, 0);
    private final float[] row = new float[ROWS * Preset.SIZE];
    private final float[] probabilities = new float[Preset.SIZE];
    private final float[] bias = new float[Preset.SIZE];
    private final float[] normals = new float[ROWS * 64];

    @Setup
    public void setUp() {
        System.arraycopy(Pictures.floats(ROWS), 0, pictures.values(), 0, ROWS * Preset.SIZE);
        pictures.toNative();
    }

    @Benchmark
    public void gemm() {
        Blas.multiply(ROWS, 256, Preset.SIZE, pictures.pointer(), weights.pointer(), 0, hidden.pointer());
    }

    @Benchmark
    public void gradientsOfALayer() {
        gradient.multiply(LAYER, 0, pictures.pointer(), hidden.pointer());
    }

    @Benchmark
    public void gemmForDeltas() {
        Blas.multiplyTransposedRight(
                ROWS, Preset.SIZE, 256, hidden.pointer(), weights.pointer(), 0, pictures.pointer());
    }

    @Benchmark
    public void sigmoid() {
        Elementwise.sigmoid(pictures.values(), row, row.length);
    }

    @Benchmark
    public void biasAndLeakyReluRowByRow() {
        for (int i = 0; i < ROWS; i++) {
            pictures.readRows(i, 1, row);
            Elementwise.biasAndLeakyRelu(row, bias, Preset.SIZE, 0.2f);
            pictures.writeRow(i, row);
        }
    }

    @Benchmark
    public double crossEntropyOfARow() {
        return bernoulli.crossEntropy(row, probabilities, bias);
    }

    @Benchmark
    public void adamAndAverage() {
        adam.update(parameters, gradients, average, 0.999);
    }

    @Benchmark
    public void normals() {
        random.normals(normals, normals.length);
    }
}
