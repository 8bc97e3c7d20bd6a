package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradients lie where the parameters lie that they belong to, and their norm is that of what was set. */
class GradientsTest {

    @Test
    void eachLiesWhereItsParameterLies() {
        Layers first = Layers.of(2, List.of(), 1, 0, 0);
        Layers second = Layers.of(1, List.of(), 2, first.end(), 0);
        try (Gradients gradients = new Gradients(2, first, second);
                Matrix x = matrix(2, 2, 1, 2, 3, 4);
                Matrix delta = matrix(2, 1, 10, 1);
                Matrix ones = matrix(1, 2, 1, 1)) {
            gradients.begin();
            gradients.multiply(first, 0, x.pointer(), delta.pointer());
            gradients.sum(first.biasOffset(0), 1, delta.pointer(), ones.pointer());
            gradients.multiply(second, 0, delta.pointer(), x.pointer());
            gradients.sum(second.biasOffset(0), 2, x.pointer(), ones.pointer());

            assertArrayEquals(new float[] {13, 24, 11, 13, 24, 4, 6}, gradients.values());
            assertEquals(Math.sqrt(2 * (169 + 576) + 121 + 16 + 36), gradients.norm(), 1e-5);
            gradients.begin();
            assertEquals(0, gradients.norm());
        }
    }

    @Test
    void whatIsNotFiniteShowsInTheNormAndIsGoneWithTheNextStep() {
        Layers layer = Layers.of(1, List.of(), 1, 0, 0);
        try (Gradients gradients = new Gradients(1, layer);
                Matrix x = matrix(1, 1, Float.NaN);
                Matrix delta = matrix(1, 1, 2);
                Matrix one = matrix(1, 1, 1)) {
            gradients.begin();
            gradients.multiply(layer, 0, x.pointer(), delta.pointer());
            gradients.sum(1, 1, x.pointer(), one.pointer());
            assertEquals(Float.NaN, gradients.norm());

            gradients.begin();
            gradients.multiply(layer, 0, one.pointer(), delta.pointer());
            gradients.sum(1, 1, delta.pointer(), one.pointer());
            assertArrayEquals(new float[] {2, 2}, gradients.values());
            assertEquals(Math.sqrt(8), gradients.norm(), 1e-6);
        }
    }

    private static Matrix matrix(int rows, int columns, float... values) {
        Matrix matrix = new Matrix(rows, columns);
        System.arraycopy(values, 0, matrix.values(), 0, values.length);
        matrix.toNative();
        return matrix;
    }
}
