package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The weights of all networks as one vector, in the order of a walk over them. */
final class FlatWeights {

    private final List<float[]> parts = new ArrayList<>();
    private final float[] flat;

    /** @param walk over the float arrays, whose names are not looked at */
    FlatWeights(Consumer<StateVisitor> walk) {
        walk.accept(new StateVisitor() {
            @Override
            public void floats(String name, float[] values) {
                parts.add(values);
            }

            @Override
            public void doubles(String name, double[] values) {}

            @Override
            public void longs(String name, long[] values) {}

            @Override
            public void bytes(String name, byte[] values) {}
        });
        flat = new float[parts.stream().mapToInt(part -> part.length).sum()];
    }

    int length() {
        return flat.length;
    }

    /** The vector as the networks have it; this object's own, until the next call. */
    float[] gather() {
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, flat, at, part.length);
            at += part.length;
        }
        return flat;
    }

    /** Gives the networks what stands in the vector. */
    void scatter() {
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(flat, at, part, 0, part.length);
            at += part.length;
        }
    }
}
