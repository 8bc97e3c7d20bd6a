package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CoverageTest {

    private static float[][] cluster(long seed, int count, float centre) {
        CounterRandom random = new CounterRandom(seed, 0);
        float[][] vectors = new float[count][4];
        for (float[] vector : vectors) {
            random.normals(vector, 4);
            vector[0] += centre;
        }
        return vectors;
    }

    private static float[][] both(float[][] a, float[][] b) {
        float[][] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void ofOneDistributionItIsWhatThePaperExpects() {
        double coverage = Coverage.of(cluster(1, 1000, 0), cluster(2, 1000, 0));
        assertEquals(1 - Math.pow(2, -5), coverage, 0.03);
    }

    @Test
    void aModeThatIsMissingIsNotCovered() {
        float[][] real = both(cluster(1, 300, 0), cluster(2, 300, 100));
        double coverage = Coverage.of(real, cluster(3, 600, 0));
        assertTrue(coverage > 0.45 && coverage <= 0.5, "" + coverage);
    }

    @Test
    void onePictureCoversNextToNothing() {
        float[][] collapsed = new float[500][4];
        assertTrue(Coverage.of(cluster(1, 500, 0), collapsed) < 0.1);
    }

    @Test
    void aCopyCoversAll() {
        float[][] real = cluster(1, 50, 0);
        assertEquals(1, Coverage.of(real, real));
        assertEquals(1, Coverage.of(new float[][] {{1}}, new float[][] {{1}}));
        assertEquals(0, Coverage.of(new float[][] {{1}}, new float[][] {{2}}));
    }

    @Test
    void theRadiusIsTheDistanceToTheFifthNeighbour() {
        float[][] real = {{0}, {1}, {3}, {7}, {15}, {31}, {63}};
        // Radii 31, 30, 28, 24, 16, 31, 62: what lies on the ball is in it.
        assertEquals(1, Coverage.of(real, new float[][] {{31}}));
        assertEquals(2 / 7.0, Coverage.of(real, new float[][] {{31.5f}}));
        // Of three vectors the last neighbour's: 3, 2, 3.
        float[][] few = {{0}, {1}, {3}};
        assertEquals(2 / 3.0, Coverage.of(few, new float[][] {{-0.5f}}));
    }
}
