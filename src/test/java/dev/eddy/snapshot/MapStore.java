package dev.eddy.snapshot;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store in memory whose values a test can damage. */
public final class MapStore implements ByteStore {

    final Map<String, byte[]> values = new HashMap<>();
    private int writesLeft = Integer.MAX_VALUE;

    /** Lets the next {@code n} writes through and none after them. */
    void failAfter(int n) {
        writesLeft = n;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return values.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        write();
        values.put(key, value);
    }

    @Override
    public void delete(String key) {
        write();
        values.remove(key);
    }

    private void write() {
        if (writesLeft-- <= 0) {
            throw new IllegalStateException("the writer is killed here");
        }
    }

    /** Changes one bit. */
    void damage(String key, int index) {
        byte[] damaged = value(key).clone();
        damaged[index] ^= 4;
        values.put(key, damaged);
    }

    /** Cuts off the last byte. */
    void truncate(String key) {
        byte[] value = value(key);
        values.put(key, java.util.Arrays.copyOf(value, value.length - 1));
    }

    /** A value that is there. */
    byte[] value(String key) {
        byte[] value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }
}
