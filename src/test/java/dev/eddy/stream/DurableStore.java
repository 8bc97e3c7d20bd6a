package dev.eddy.stream;

import dev.eddy.snapshot.ByteStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store as its changelog: what was written in order, of which a crash leaves a part. */
final class DurableStore {

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Write(String key, byte @Nullable [] value) {}

    private final List<Write> log = new ArrayList<>();
    private int committed;

    /** The store as the log makes it, writing to the log. */
    ByteStore open() {
        Map<String, byte[]> map = new HashMap<>();
        for (Write write : log) {
            apply(map, write);
        }
        return new ByteStore() {
            @Override
            public byte @Nullable [] get(String key) {
                return map.get(key);
            }

            @Override
            public void put(String key, byte[] value) {
                add(new Write(key, value));
            }

            @Override
            public void delete(String key) {
                add(new Write(key, null));
            }

            private void add(Write write) {
                log.add(write);
                apply(map, write);
            }
        };
    }

    /** The store as a successor would find it if nothing more were committed; not to be written to. */
    ByteStore openCommitted() {
        DurableStore copy = new DurableStore();
        copy.log.addAll(log.subList(0, committed));
        return copy.open();
    }

    void commit() {
        committed = log.size();
    }

    /** Writes that are not committed. */
    int uncommitted() {
        return log.size() - committed;
    }

    /** Loses all but the first {@code kept} of the writes that are not committed. */
    void crash(int kept) {
        log.subList(committed + kept, log.size()).clear();
        committed = log.size();
    }

    private static void apply(Map<String, byte[]> map, Write write) {
        if (write.value == null) {
            map.remove(write.key);
        } else {
            map.put(write.key, write.value);
        }
    }
}
