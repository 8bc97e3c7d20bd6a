package dev.eddy.sync;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Contributions and global weights as messages. Numbers are big-endian, weights float32 little-endian to the end.
 *
 * <pre>
 * contribution:    int8 version 1, int8 'c', int64 seed, int64 round, int32 partition, int64 step, int64 samples, difference
 * global weights:  int8 version 1, int8 'g', int64 seed, int64 round, int32 contributors, int64 samples, weights
 * </pre>
 *
 * Messages travel in {@link Parcel}s, which have the checksum.
 */
public final class SyncCodec {

    private static final byte VERSION = 1;
    private static final byte CONTRIBUTION = 'c';
    private static final byte GLOBAL = 'g';
    private static final int MOST_HEADER_BYTES = 2 + 4 * Long.BYTES + Integer.BYTES;

    private SyncCodec() {}

    public static byte[] encode(Contribution c) {
        ByteBuffer header = header(CONTRIBUTION, c.seed(), c.round())
                .putInt(c.partition())
                .putLong(c.step())
                .putLong(c.samples());
        return message(header, c.difference());
    }

    public static byte[] encode(GlobalWeights g) {
        ByteBuffer header =
                header(GLOBAL, g.seed(), g.round()).putInt(g.contributors()).putLong(g.samples());
        return message(header, g.weights());
    }

    /** @throws IllegalArgumentException if the message is none of this release's contributions */
    public static Contribution contribution(byte[] message) {
        try {
            ByteBuffer in = body(message, CONTRIBUTION);
            long seed = in.getLong();
            long round = in.getLong();
            return new Contribution(seed, in.getInt(), round, in.getLong(), in.getLong(), floats(in));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("message of " + message.length + " bytes is truncated", e);
        }
    }

    /** @throws IllegalArgumentException if the message is none of this release's global weights */
    public static GlobalWeights globalWeights(byte[] message) {
        try {
            ByteBuffer in = body(message, GLOBAL);
            return new GlobalWeights(in.getLong(), in.getLong(), in.getInt(), in.getLong(), floats(in));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("message of " + message.length + " bytes is truncated", e);
        }
    }

    private static ByteBuffer header(byte kind, long seed, long round) {
        return ByteBuffer.allocate(MOST_HEADER_BYTES)
                .put(VERSION)
                .put(kind)
                .putLong(seed)
                .putLong(round);
    }

    private static byte[] message(ByteBuffer header, float[] values) {
        header.flip();
        ByteBuffer message = ByteBuffer.allocate(header.remaining() + Float.BYTES * values.length);
        message.put(header);
        message.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return message.array();
    }

    private static ByteBuffer body(byte[] message, byte kind) {
        ByteBuffer in = ByteBuffer.wrap(message);
        byte version = in.get();
        byte found = in.get();
        if (version != VERSION || found != kind) {
            throw new IllegalArgumentException(
                    "message of version " + version + " and kind " + found + ", expected " + VERSION + " and " + kind);
        }
        return in;
    }

    private static float[] floats(ByteBuffer in) {
        float[] values = new float[in.remaining() / Float.BYTES];
        in.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
