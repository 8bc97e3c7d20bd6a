package dev.eddy.snapshot;

import dev.eddy.learn.Learner;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes versions of models to a compacted log of keyed records, for {@link ModelLog} to read. Used by one thread at a
 * time.
 *
 * <p>A version is what {@link SnapshotCodec} makes of {@link Learner#visitModel}: chunks, and a manifest last. Its keys
 * are {@code images-0/slot-1/00000}, {@code images-0/slot-1/00001}, ... and {@code images-0/slot-1/manifest}, with the
 * topic and partition that were learned. Versions take the slots 0 and 1 in turn, so compaction, which keeps the last
 * record of each key, always leaves one whole version while the next is written; before its first chunk the slot's
 * manifest is deleted, so that it never stands for chunks of two versions. All records of a topic and partition go to
 * one partition of the log, in their order.
 */
public final class ModelWriter {

    static final String MANIFEST = "manifest";

    private static final int SLOTS = 2;

    /** The log. */
    @FunctionalInterface
    public interface Records {

        /** @param value null deletes */
        void append(String key, byte @Nullable [] value);
    }

    private final Records records;
    private final int chunkBytes;

    /** @param chunkBytes most bytes of a value, 8 to {@link SnapshotStore#MAX_CHUNK_BYTES} */
    public ModelWriter(Records records, int chunkBytes) {
        this.records = records;
        this.chunkBytes = chunkBytes;
    }

    /** Appends the learner's model as it stands; the header's generation decides the slot. */
    public void write(SnapshotHeader header, Learner learner) {
        SnapshotCodec.Encoded encoded = SnapshotCodec.encode(header, learner::visitModel, chunkBytes);
        String slot = header.topic() + "-" + header.partition() + "/slot-" + header.generation() % SLOTS + "/";
        records.append(slot + MANIFEST, null);
        List<byte[]> chunks = encoded.chunks();
        for (int i = 0; i < chunks.size(); i++) {
            records.append(slot + String.format(Locale.ROOT, "%05d", i), chunks.get(i));
        }
        records.append(slot + MANIFEST, encoded.manifest());
    }

    /** The partition of the log, of {@code count}, that a record of this key goes to. */
    public static int partition(String key, int count) {
        String model = key.substring(0, key.indexOf('/'));
        return Integer.parseInt(model.substring(model.lastIndexOf('-') + 1)) % count;
    }
}
