package dev.eddy.bench;

import dev.eddy.snapshot.ByteStore;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** In the changelogged store's place. */
public final class MemoryStore implements ByteStore {

    private final Map<String, byte[]> values = new HashMap<>();

    @Override
    public byte @Nullable [] get(String key) {
        return values.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        values.put(key, value);
    }

    @Override
    public void delete(String key) {
        values.remove(key);
    }
}
