package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NeighboursTest {

    private static final int DIMENSIONS = 3;
    private static final int CAPACITY = 50;

    @Test
    void isTheDistanceToTheNearestOfTheLastVectors() {
        float[][] vectors = vectors(120);
        float[] asked = {0.1f, -0.2f, 0.3f, 2, 1, -1};
        try (Neighbours neighbours = new Neighbours(4, 2, CAPACITY, DIMENSIONS)) {
            for (float[] vector : vectors) {
                neighbours.put(vector);
            }
            double[] distances = neighbours.distances(asked);
            for (int row = 0; row < 2; row++) {
                float[] x = Arrays.copyOfRange(asked, row * DIMENSIONS, (row + 1) * DIMENSIONS);
                double mean = Arrays.stream(vectors)
                        .skip(vectors.length - CAPACITY)
                        .mapToDouble(vector -> squaredDistance(x, vector))
                        .sorted()
                        .limit(4)
                        .average()
                        .orElseThrow();
                assertEquals(Math.sqrt(mean), distances[row], 1e-5);
            }
        }
    }

    @Test
    void isZeroUntilThereAreEnough() {
        try (Neighbours neighbours = new Neighbours(2, 1, CAPACITY, DIMENSIONS)) {
            neighbours.put(new float[] {1, 1, 1});
            assertFalse(neighbours.isReady());
            assertEquals(0, neighbours.distances(new float[DIMENSIONS])[0]);
            neighbours.put(new float[] {1, 1, 1});
            assertTrue(neighbours.isReady());
            assertEquals(Math.sqrt(3), neighbours.distances(new float[DIMENSIONS])[0], 1e-6);
        }
    }

    @Test
    void goesOnFromACopyOfItsState() {
        float[][] vectors = vectors(70);
        float[] asked = {1, 0, -1};
        try (Neighbours whole = new Neighbours(3, 1, CAPACITY, DIMENSIONS);
                Neighbours restored = new Neighbours(3, 1, CAPACITY, DIMENSIONS)) {
            Arrays.stream(vectors).limit(60).forEach(whole::put);
            new StateCopy(state -> whole.visit("n", state)).restore(state -> restored.visit("n", state));
            restored.restored();
            for (int i = 60; i < vectors.length; i++) {
                whole.put(vectors[i]);
                restored.put(vectors[i]);
            }
            assertArrayEquals(
                    whole.distances(asked).clone(), restored.distances(asked).clone());
        }
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
        }
        return sum;
    }

    private static float[][] vectors(int count) {
        CounterRandom random = new CounterRandom(5, 0);
        float[][] vectors = new float[count][DIMENSIONS];
        for (float[] vector : vectors) {
            random.normals(vector, DIMENSIONS);
        }
        return vectors;
    }
}
