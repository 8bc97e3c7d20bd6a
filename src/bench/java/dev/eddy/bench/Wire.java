package dev.eddy.bench;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What harness and peer say to each other: a question's name, its arguments, then the answer. */
public final class Wire {

    /** Case, iterations; answered with nanoseconds. */
    public static final String TIME = "time";

    /** Preset, rows, weights, images, noise, importance; answered with both loss terms and the gradients. */
    public static final String VAE = "vae";

    /** Preset, rows, weights of both, images, noise, importance; answered with both losses and both gradients. */
    public static final String GAN = "gan";

    /** Preset, rows, weights, images; answered with cross-entropies, KL and distances under the identity. */
    public static final String SCORE = "score";

    /** Brokers, topic, records to skip, records to time; answered with nanoseconds. */
    public static final String CONSUME = "consume";

    private Wire() {}

    public static void write(DataOutput out, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes.array());
    }

    public static float[] readFloats(DataInput in) throws IOException {
        float[] values = new float[in.readInt()];
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        in.readFully(bytes.array());
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
