package dev.eddy.stream;

import dev.eddy.snapshot.ByteStore;
import dev.eddy.sync.Parcel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one sender together from chunks that come in order. The chunks lie in a store, so that half a
 * message, and the last whole one, outlive a crash. Used by one thread at a time.
 */
final class Inbox {

    private final ByteStore store;
    private final String name;
    private Parcel.@Nullable Label last; // of the chunks that have come in a row

    /** @param name under which the chunks lie: {@code name/00000} and on */
    Inbox(ByteStore store, String name) {
        this.store = store;
        this.name = name;
        for (int index = 0; ; index++) {
            Parcel.Label found = Parcel.label(store.get(key(index))).orElse(null);
            if (found == null || found.index() != index || (last != null && !found.isOfOne(last))) {
                return;
            }
            last = found;
        }
    }

    /**
     * Takes in a chunk.
     *
     * @return whether it belongs to what came before it; if not, its message is torn and it is dropped
     */
    boolean receive(byte @Nullable [] chunk) {
        Parcel.Label label = Parcel.label(chunk).orElse(null);
        if (chunk == null || label == null) {
            return false;
        }
        Parcel.Label before = last;
        boolean next = before != null && before.isOfOne(label) && label.index() == before.index() + 1;
        if (label.index() != 0 && !next) {
            return false;
        }
        store.put(key(label.index()), chunk);
        last = label;
        return true;
    }

    /** Whether the last chunk of a message was the last to come. */
    boolean isWhole() {
        return last != null && last.index() == last.count() - 1;
    }

    /** The message, if it is whole and has its checksum. */
    Optional<byte[]> message() {
        Parcel.Label label = last;
        if (label == null || !isWhole()) {
            return Optional.empty();
        }
        List<byte[]> chunks = new ArrayList<>();
        for (int index = 0; index < label.count(); index++) {
            byte[] chunk = store.get(key(index));
            if (chunk == null) {
                return Optional.empty();
            }
            chunks.add(chunk);
        }
        return Parcel.join(chunks);
    }

    private String key(int index) {
        return String.format(Locale.ROOT, "%s/%05d", name, index);
    }
}
