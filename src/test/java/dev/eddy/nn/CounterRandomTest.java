package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CounterRandomTest {

    /** The first of the known answers that Random123 publishes for Philox 4x32-10: key and counter all zero. */
    @Test
    void knownAnswerOfPhilox() {
        CounterRandom random = new CounterRandom(0, 0);
        random.at(0, 0);
        assertEquals(0x6627e8d5, random.bits());
        assertEquals(0xe169c58d, random.bits());
        assertEquals(0xbc57ac4c, random.bits());
        assertEquals(0x9b00dbd8, random.bits());
    }

    @Test
    void everyPartOfTheKeyMatters() {
        int reference = first(1, 2, 3, 4);
        assertEquals(reference, first(1, 2, 3, 4));
        assertNotEquals(reference, first(2, 2, 3, 4));
        assertNotEquals(reference, first(1L << 32, 2, 3, 4));
        assertNotEquals(reference, first(1, 3, 3, 4));
        assertNotEquals(reference, first(1, 2, 4, 4));
        assertNotEquals(reference, first(1, 2, 3 + (1L << 32), 4));
        assertNotEquals(reference, first(1, 2, 3, 5));
    }

    private static int first(long seed, int partition, long step, int purpose) {
        CounterRandom random = new CounterRandom(seed, partition);
        random.at(step, purpose);
        return random.bits();
    }

    @Test
    void normalsHaveTheMomentsOfANormal() {
        int n = 200_000;
        float[] values = new float[n];
        new CounterRandom(7, 0).normals(values, n);
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        for (float value : values) {
            sum += value;
            squares += value * value;
            fourths += Math.pow(value, 4);
        }
        assertEquals(0, sum / n, 0.01);
        assertEquals(1, squares / n, 0.015);
        assertEquals(3, fourths / n, 0.1);
    }

    @Test
    void quantilesOfTheNormal() {
        assertEquals(1.959963984540054, CounterRandom.inverseNormal(0.975), 1e-8);
        assertEquals(-3.090232306167813, CounterRandom.inverseNormal(0.001), 1e-8);
        assertEquals(0, CounterRandom.inverseNormal(0.5), 1e-12);
    }

    @Test
    void belowReachesEveryValue() {
        CounterRandom random = new CounterRandom(3, 1);
        int[] counts = new int[7];
        for (int i = 0; i < 7000; i++) {
            counts[random.below(7)]++;
        }
        for (int count : counts) {
            assertTrue(count > 850 && count < 1150, "unevenly: " + java.util.Arrays.toString(counts));
        }
    }
}
