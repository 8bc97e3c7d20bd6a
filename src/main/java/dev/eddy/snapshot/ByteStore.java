package dev.eddy.snapshot;

import org.jspecify.annotations.Nullable;

/** Where snapshots lie: a map of small byte arrays. Used by one thread at a time. */
public interface ByteStore {

    /** The value under a key, shared and not to be written to; null if there is none. */
    byte @Nullable [] get(String key);

    /** Keeps the array itself, which nobody writes to afterwards. */
    void put(String key, byte[] value);

    void delete(String key);
}
