package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the two sides lie, and what is copied between them. */
class MatrixTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 100_000})
    void theOffHeapSideBeginsAtALineOfTheCacheAndIsCopiedWhole(int columns) {
        try (Matrix matrix = new Matrix(3, columns)) {
            assertEquals(0, matrix.pointer().address() % 64);
            for (int i = 0; i < matrix.values().length; i++) {
                matrix.values()[i] = i;
            }
            float[] written = matrix.values().clone();
            matrix.toNative();
            assertEquals(written.length - 1, matrix.pointer().get(written.length - 1L));
            matrix.values()[0] = -1;
            matrix.toHeap();
            assertArrayEquals(written, matrix.values());
        }
    }
}
