package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.eddy.nn.StateCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final int CAPACITY = 64;

    /** Values with many ties, both zeros and an infinity, added a few or many at a time, as micro-batches bring them. */
    @Test
    void isWhatSortingTheLastValuesGives() {
        Random random = new Random(3);
        Window window = new Window(CAPACITY);
        List<Float> all = new ArrayList<>();
        for (int round = 0; round < 500; round++) {
            if (round % 97 == 96) {
                window.clear();
                all.clear();
            }
            for (int i = random.nextInt(round % 7 == 0 ? 3 * CAPACITY : 24); i > 0; i--) {
                float value =
                        switch (random.nextInt(9)) {
                            case 0 -> -0.0f;
                            case 1 -> 0;
                            case 2 -> Float.POSITIVE_INFINITY;
                            default -> random.nextInt(20) / 4f - 2;
                        };
                window.add(value);
                all.add(value);
            }
            if (round % 50 == 49) { // as a snapshot is written or read between two micro-batches
                window.visit("window", (StateCopy.AnyArray) (name, values) -> {});
            }
            window.settle();
            float[] last = sorted(all);
            assertArrayEquals(last, window.sorted(), "round " + round);
            assertEquals(last.length, window.size());
            assertEquals(last.length == 0 ? 0 : last[last.length / 2], window.median());
        }
    }

    @Test
    void goesOnFromValuesThatWereRestored() {
        Window window = new Window(CAPACITY);
        for (int i = 0; i < 3 * CAPACITY; i++) {
            window.add(i);
            window.settle();
        }
        window.visit("window", (StateCopy.AnyArray) (name, values) -> {
            if (values instanceof float[] floats) {
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = -i;
                }
            }
        });
        window.add(1);
        window.settle();
        assertEquals(1, window.sorted()[CAPACITY - 1]);
        assertEquals(1 - CAPACITY, window.sorted()[0]);
    }

    private static float[] sorted(List<Float> all) {
        int n = Math.min(CAPACITY, all.size());
        float[] last = new float[n];
        for (int i = 0; i < n; i++) {
            last[i] = all.get(all.size() - n + i);
        }
        Arrays.sort(last);
        return last;
    }
}
