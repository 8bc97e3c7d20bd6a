package dev.eddy.snapshot;

import dev.eddy.nn.StateVisitor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of one partition in two slots that are written in turn, so that the last good one outlives a write that
 * does not end. Keys are {@code slot-N/manifest} and {@code slot-N/00000}, {@code slot-N/00001}, ...; the manifest is
 * deleted before the first chunk is written and written after the last one, so a torn slot is an empty slot. Used by
 * one thread at a time.
 */
public final class SnapshotStore {

    /** Largest chunk: leaves room for key and headers under Kafka's default message limit of 1,048,588 bytes. */
    public static final int MAX_CHUNK_BYTES = 1_000_000;

    private static final int SLOTS = 2;

    /** Why a snapshot was passed over. */
    public enum Reason {
        /** Bytes are missing or are not what was written. */
        CORRUPT,
        /** It is ahead of where the fold has to begin. */
        AHEAD
    }

    /** A snapshot that was passed over, with one line that says why. */
    public record Rejection(int slot, Reason reason, String detail) {}

    /**
     * The snapshot that was restored.
     *
     * @param changed keys of the configuration that have another value now, which the snapshot does not contradict
     * @param bytes its size, as {@link Written#bytes}
     */
    public record Restored(SnapshotHeader header, List<Fingerprint.Difference> changed, long bytes) {}

    /** The snapshot that was written, with its generation, and its size. */
    public record Written(SnapshotHeader header, long bytes) {}

    private record Candidate(int slot, Manifest manifest) {}

    private final ByteStore bytes;
    private final int chunkBytes;
    private long generation;
    private int nextSlot;

    /**
     * @param chunkBytes most bytes of a value, 8 to {@link #MAX_CHUNK_BYTES}
     */
    public SnapshotStore(ByteStore bytes, int chunkBytes) {
        if (chunkBytes < 8 || chunkBytes > MAX_CHUNK_BYTES) {
            throw new IllegalArgumentException("chunks of " + chunkBytes + " bytes: 8 to " + MAX_CHUNK_BYTES);
        }
        this.bytes = bytes;
        this.chunkBytes = chunkBytes;
    }

    /**
     * Restores the newest usable snapshot whose {@code nextOffset} is at most {@code bound}.
     *
     * @param topic the log that is folded
     * @param configuration the present one
     * @param state walks over the state to restore, as {@code Learner.visit} does
     * @param rejected told of each snapshot that was passed over
     * @return what was restored; empty if there was nothing to restore, and then the state is untouched
     * @throws IncompatibleSnapshotException if a snapshot is undamaged but contradicts the configuration
     */
    public Optional<Restored> restore(
            String topic,
            int partition,
            long bound,
            Fingerprint configuration,
            Consumer<StateVisitor> state,
            Consumer<Rejection> rejected) {
        List<Candidate> candidates = candidates(rejected);
        for (Candidate candidate : candidates) {
            SnapshotHeader header = candidate.manifest.header();
            if (header.nextOffset() > bound) {
                rejected.accept(new Rejection(
                        candidate.slot,
                        Reason.AHEAD,
                        "snapshot of step " + header.step() + " begins at offset " + header.nextOffset()
                                + ", the fold at " + bound));
                continue;
            }
            List<Fingerprint.Difference> changed = checked(candidate.manifest, topic, partition, configuration, state);
            try {
                List<byte[]> chunks = chunks(candidate);
                SnapshotCodec.restore(candidate.manifest, chunks, state);
                nextSlot = SLOTS - 1 - candidate.slot;
                return Optional.of(new Restored(header, changed, size(candidate, chunks)));
            } catch (CorruptSnapshotException e) {
                rejected.accept(corrupt(candidate.slot, e));
            }
        }
        return Optional.empty();
    }

    /** The newest snapshot's header, chunks unread; empty if there is none or it is damaged. */
    public Optional<SnapshotHeader> newest() {
        return candidates(rejection -> {}).stream().findFirst().map(candidate -> candidate.manifest.header());
    }

    /**
     * Writes a snapshot over the older slot.
     *
     * @param header its generation is set here
     */
    public Written write(SnapshotHeader header, Consumer<StateVisitor> state) {
        SnapshotHeader numbered = header.numbered(++generation);
        SnapshotCodec.Encoded encoded = SnapshotCodec.encode(numbered, state, chunkBytes);
        bytes.delete(manifestKey(nextSlot));
        for (int i = 0; i < encoded.chunks().size(); i++) {
            bytes.put(chunkKey(nextSlot, i), encoded.chunks().get(i));
        }
        for (int i = encoded.chunks().size(); bytes.get(chunkKey(nextSlot, i)) != null; i++) {
            bytes.delete(chunkKey(nextSlot, i));
        }
        bytes.put(manifestKey(nextSlot), encoded.manifest());
        nextSlot = SLOTS - 1 - nextSlot;
        return new Written(numbered, encoded.bytes());
    }

    /** The {@code nextOffset} of the snapshot that would be the only one while the next is written; empty if none. */
    public OptionalLong fallback() {
        Manifest manifest = manifest(SLOTS - 1 - nextSlot, rejection -> {});
        return manifest == null
                ? OptionalLong.empty()
                : OptionalLong.of(manifest.header().nextOffset());
    }

    /** Forgets all snapshots. */
    public void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            bytes.delete(manifestKey(slot));
            for (int i = 0; bytes.get(chunkKey(slot, i)) != null; i++) {
                bytes.delete(chunkKey(slot, i));
            }
        }
    }

    /** The snapshots with a readable manifest, newest first; also learns where the next one goes. */
    private List<Candidate> candidates(Consumer<Rejection> rejected) {
        List<Candidate> candidates = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            Manifest manifest = manifest(slot, rejected);
            if (manifest != null) {
                candidates.add(new Candidate(slot, manifest));
            }
        }
        candidates.sort(
                Comparator.comparingLong((Candidate c) -> c.manifest.header().generation())
                        .reversed());
        if (candidates.isEmpty()) {
            nextSlot = 0;
        } else {
            generation =
                    Math.max(generation, candidates.get(0).manifest.header().generation());
            nextSlot = SLOTS - 1 - candidates.get(0).slot;
        }
        return candidates;
    }

    private @Nullable Manifest manifest(int slot, Consumer<Rejection> rejected) {
        byte[] manifest = bytes.get(manifestKey(slot));
        if (manifest == null) {
            return null;
        }
        try {
            return SnapshotCodec.decode(manifest);
        } catch (CorruptSnapshotException e) {
            rejected.accept(corrupt(slot, e));
            return null;
        }
    }

    /** The chunks of a candidate, up to the first that is missing. */
    private List<byte[]> chunks(Candidate candidate) {
        List<byte[]> chunks = new ArrayList<>();
        for (int i = 0; i < candidate.manifest.chunks().size(); i++) {
            byte[] chunk = bytes.get(chunkKey(candidate.slot, i));
            if (chunk == null) {
                break;
            }
            chunks.add(chunk);
        }
        return chunks;
    }

    private long size(Candidate candidate, List<byte[]> chunks) {
        byte[] manifest = bytes.get(manifestKey(candidate.slot));
        return (manifest == null ? 0 : manifest.length)
                + chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }

    private static List<Fingerprint.Difference> checked(
            Manifest manifest, String topic, int partition, Fingerprint configuration, Consumer<StateVisitor> state) {
        SnapshotHeader header = manifest.header();
        if (!header.topic().equals(topic) || header.partition() != partition) {
            throw new IncompatibleSnapshotException("the snapshot is of " + header.topic() + "-" + header.partition()
                    + ", the input is " + topic + "-" + partition);
        }
        List<Fingerprint.Difference> differences = header.configuration().differences(configuration);
        String arrays = manifest.layout().difference(Layout.of(state));
        if (!arrays.isEmpty() || differences.stream().anyMatch(Fingerprint::decidesShape)) {
            List<String> lines = new ArrayList<>();
            for (Fingerprint.Difference d : differences) {
                lines.add(d.key() + " is " + d.stored() + " in the snapshot, configured " + d.configured());
            }
            if (lines.isEmpty()) {
                lines.add("the snapshot has " + arrays);
            }
            throw new IncompatibleSnapshotException("the configuration contradicts the snapshot of " + topic + "-"
                    + partition + ": " + String.join(", ", lines));
        }
        return differences;
    }

    private static Rejection corrupt(int slot, CorruptSnapshotException e) {
        return new Rejection(slot, Reason.CORRUPT, String.valueOf(e.getMessage()));
    }

    private static String manifestKey(int slot) {
        return "slot-" + slot + "/manifest";
    }

    private static String chunkKey(int slot, int index) {
        return String.format(Locale.ROOT, "slot-%d/%05d", slot, index);
    }
}
