package dev.eddy.exchange;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A named array of a safetensors file.
 *
 * @param type as the format spells it
 * @param shape row-major; empty for a single value
 * @param bytes little-endian
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Tensor(String name, Type type, int[] shape, byte[] bytes) {

    /** The element types that Eddy writes, and their bytes. */
    enum Type {
        F32(4),
        F64(8),
        I64(8),
        U8(1);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /** The bytes that type and shape ask for. */
    static long bytes(Type type, int[] shape) {
        return Arrays.stream(shape).asLongStream().reduce(type.bytes, Math::multiplyExact);
    }

    /** As in {@code F32 (784, 256)}. */
    static String described(Type type, int[] shape) {
        return type + Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", ", " (", ")"));
    }
}
