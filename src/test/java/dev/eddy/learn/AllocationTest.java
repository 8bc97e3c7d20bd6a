package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.eddy.model.Gan;
import dev.eddy.model.GanConfig;
import dev.eddy.model.Vae;
import dev.eddy.model.VaeConfig;
import dev.eddy.model.VaeScorer;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Gradients;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Mahalanobis;
import dev.eddy.nn.Matrix;
import dev.eddy.nn.Parameters;
import dev.eddy.nn.Pass;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numerics make no garbage: what the thread allocates is counted by the virtual machine. */
class AllocationTest {

    private static final int ROWS = 16;
    private static final int SIZE = 64;
    private static final int STEPS = 50;
    private static final int ROUNDS = 4;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void stepsAndScoresAllocateNothing() {
        CounterRandom random = new CounterRandom(1, 0);
        VaeConfig vaeConfig =
                new VaeConfig(true, List.of(32, 16), 4, List.of(16, 32), ROWS, 1e-3, 10, 0.999, true, 1, 0);
        float[] ones = new float[ROWS];
        Arrays.fill(ones, 1);
        float[] batch = new float[ROWS * SIZE];
        Arrays.fill(batch, 0.3f);
        float[][] samples = new float[ROWS + 1][SIZE];
        try (Vae vae = new Vae(vaeConfig, SIZE, random);
                Matrix images = new Matrix(ROWS, SIZE);
                VaeScorer scorer = new VaeScorer(vae, images);
                Mahalanobis mahalanobis = new Mahalanobis(ROWS, scorer.dimensions(), 0.05, true);
                Gan relativistic = gan(GanConfig.Loss.RELATIVISTIC, random);
                Gan classic = gan(GanConfig.Loss.NON_SATURATING, random)) {
            assertNothing("a step of the VAE", () -> vae.train(ones, 0, random));
            assertNothing("a step of the relativistic GAN", () -> relativistic.train(batch, ones, random));
            assertNothing("a step of the classic GAN", () -> classic.train(batch, ones, random));
            assertNothing("samples of the GAN", () -> relativistic.sample(random, samples));
            assertNothing("a scoring pass", scorer::run);
            assertNothing("distances", () -> mahalanobis.distances(scorer.differences(), 0, ROWS));
        }
    }

    @Test
    void productsInTilesAllocateNothing() {
        int rows = 32;
        Layers layer = Layers.of(784, List.of(), 256, 0, 0);
        try (Parameters weights = new Parameters(layer.end());
                Gradients gradients = new Gradients(rows, layer);
                Pass pass = new Pass(layer, rows, weights, gradients)) {
            assertNothing("a product", pass::forward);
            assertNothing("gradients", () -> pass.backward(true));
        }
    }

    private static Gan gan(GanConfig.Loss loss, CounterRandom random) {
        GanConfig config =
                new GanConfig(true, 8, List.of(16, 32), List.of(32, 16), loss, 0.5, 1e-3, 0, 0.999, 0.2, true, 1);
        return new Gan(config, SIZE, ROWS, random);
    }

    /** The least of some rounds: what a step allocates is in each, what the virtual machine does of its own is in one. */
    private void assertNothing(String what, Runnable step) {
        assertTrue(threads.isThreadAllocatedMemorySupported(), "this virtual machine counts no allocations");
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < STEPS; i++) {
                step.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, what + " allocates on the heap");
    }
}
