package dev.eddy.snapshot;

import dev.eddy.nn.StateVisitor;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A state of all array types, with lengths that fit no chunk. */
final class SomeState {

    final float[] floats;
    final double[] doubles;
    final long[] longs;
    final byte[] bytes;
    final float[] none = new float[0];

    SomeState(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        floats = new float[101];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat(random.nextInt());
        }
        doubles = random.doubles(13).toArray();
        longs = random.longs(7).toArray();
        bytes = new byte[57];
        random.nextBytes(bytes);
    }

    void visit(StateVisitor visitor) {
        visitor.longs("step", longs);
        visitor.bytes("window", bytes);
        visitor.floats("none", none);
        visitor.floats("model/weights", floats);
        visitor.doubles("moments", doubles);
    }

    boolean isEqualTo(SomeState other) {
        return Arrays.equals(floats, other.floats)
                && Arrays.equals(doubles, other.doubles)
                && Arrays.equals(longs, other.longs)
                && Arrays.equals(bytes, other.bytes);
    }
}
