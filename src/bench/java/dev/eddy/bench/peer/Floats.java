package dev.eddy.bench.peer;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/** Tensors to arrays. */
final class Floats {

    private Floats() {}

    /** Copies a contiguous tensor of floats into {@code target}; returns the place after it. */
    static int read(Tensor tensor, float[] target, int offset) {
        int length = (int) tensor.numel();
        FloatBuffer buffer =
                new FloatPointer(tensor.data_ptr()).capacity(length).asBuffer();
        buffer.get(target, offset, length);
        return offset + length;
    }
}
