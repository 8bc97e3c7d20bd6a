package dev.eddy.nn;

import java.util.List;

/**
 * Walks over the named arrays that make up a state. The same walk captures (the visitor reads the arrays), restores
 * (the visitor writes them) and digests, so that no array can be in one and missing from another. Names are unique
 * in a walk, slash-separated ({@code vae/weights}); the order and every length depend on the configuration alone.
 */
public interface StateVisitor {

    void floats(String name, float[] values);

    /**
     * The parameters of networks that share an array. Floats like others, but to a visitor that tells layers apart.
     *
     * @param networks which of them lie where in {@code values}; together they are all of it
     */
    default void weights(String name, List<Network> networks, float[] values) {
        floats(name, values);
    }

    void doubles(String name, double[] values);

    void longs(String name, long[] values);

    void bytes(String name, byte[] values);
}
