package dev.eddy.nn;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** The arrays of a state as they were. */
public final class StateCopy {

    /** Is shown every array, of whatever type. */
    @FunctionalInterface
    public interface AnyArray extends StateVisitor {

        void array(String name, Object values);

        @Override
        default void floats(String name, float[] values) {
            array(name, values);
        }

        @Override
        default void doubles(String name, double[] values) {
            array(name, values);
        }

        @Override
        default void longs(String name, long[] values) {
            array(name, values);
        }

        @Override
        default void bytes(String name, byte[] values) {
            array(name, values);
        }
    }

    private final Map<String, Object> arrays = new HashMap<>();

    /** Takes down what the state shows. */
    public StateCopy(Consumer<StateVisitor> state) {
        state.accept((AnyArray) (name, values) -> {
            int length = Array.getLength(values);
            Object copy = Array.newInstance(values.getClass().getComponentType(), length);
            System.arraycopy(values, 0, copy, 0, length);
            assertNull(arrays.put(name, copy), name + " twice");
        });
    }

    /** Puts it back into another state. */
    public void restore(Consumer<StateVisitor> state) {
        state.accept((AnyArray) (name, values) -> System.arraycopy(array(name), 0, values, 0, Array.getLength(values)));
    }

    public Object array(String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }
}
