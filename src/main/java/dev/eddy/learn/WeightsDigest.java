package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the float arrays of a walk, each as little-endian IEEE 754, in the order of the walk. */
final class WeightsDigest implements StateVisitor {

    private final MessageDigest digest;

    WeightsDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void floats(String name, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
    }

    @Override
    public void doubles(String name, double[] values) {}

    @Override
    public void longs(String name, long[] values) {}

    @Override
    public void bytes(String name, byte[] values) {}

    /** Lower-case hexadecimal, 64 characters. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
