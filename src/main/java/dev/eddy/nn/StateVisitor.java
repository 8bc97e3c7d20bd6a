package dev.eddy.nn;

/**
 * Walks over the named arrays that make up a state. The same walk captures (the visitor reads the arrays), restores
 * (the visitor writes them) and digests, so that no array can be in one and missing from another. Names are unique
 * in a walk, slash-separated ({@code vae/weights}); the order and every length depend on the configuration alone.
 */
public interface StateVisitor {

    void floats(String name, float[] values);

    void doubles(String name, double[] values);

    void longs(String name, long[] values);

    void bytes(String name, byte[] values);
}
