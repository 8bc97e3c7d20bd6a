package dev.eddy.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The newest complete version of each model in a log that {@link ModelWriter} writes and compaction thins out, as far as
 * it was read. A version counts from its manifest on, if all its chunks are there and are what was written; one that is
 * torn, thinned out because a newer one follows, or of no use to the reader is passed over: the one before it stays.
 * Records are taken in by one thread, versions are asked for by any.
 */
public final class ModelLog {

    private final Map<String, Map<String, byte[]>> chunks = new HashMap<>(); // by slot, then by index
    private final Map<String, ModelVersion> newest = new ConcurrentHashMap<>(); // by model
    private Predicate<ModelVersion> useful = version -> true;

    /** Drops the newest versions that are of no use, and passes over such from now on. */
    public void keepOnly(Predicate<ModelVersion> ofUse) {
        useful = ofUse;
        newest.values().removeIf(ofUse.negate());
    }

    /**
     * Takes in the next record; those of one model in the order of the log.
     *
     * @return the version that it completes, if it is of use
     */
    public Optional<ModelVersion> accept(String key, byte @Nullable [] value) {
        int last = key.lastIndexOf('/');
        int first = key.indexOf('/');
        if (first < 0 || first == last) {
            return Optional.empty(); // not of this format
        }
        String slot = key.substring(0, last);
        String part = key.substring(last + 1);
        if (!part.equals(ModelWriter.MANIFEST)) {
            Map<String, byte[]> held = chunks.computeIfAbsent(slot, s -> new HashMap<>());
            if (value == null) {
                held.remove(part);
            } else {
                held.put(part, value);
            }
            return Optional.empty();
        }
        Map<String, byte[]> held = chunks.remove(slot);
        if (value == null || held == null) {
            return Optional.empty();
        }
        Optional<ModelVersion> complete = version(value, held).filter(useful);
        complete.ifPresent(version -> newest.put(key.substring(0, first), version));
        return complete;
    }

    private static Optional<ModelVersion> version(byte[] manifest, Map<String, byte[]> held) {
        List<byte[]> ordered = new ArrayList<>();
        held.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> ordered.add(entry.getValue()));
        try {
            return Optional.of(ModelVersion.of(manifest, ordered));
        } catch (CorruptSnapshotException | IncompatibleSnapshotException e) { // torn, or of a newer release
            return Optional.empty();
        }
    }

    /** The newest version of every model, in no order. */
    public Collection<ModelVersion> newest() {
        return List.copyOf(newest.values());
    }

    /**
     * The model for a partition of a topic: the one that learned it, otherwise the newest of all.
     *
     * @return empty if there is none at all
     */
    public Optional<ModelVersion> of(String topic, int partition) {
        ModelVersion own = newest.get(topic + "-" + partition);
        return own != null
                ? Optional.of(own)
                : newest.values().stream()
                        .max(Comparator.comparingLong((ModelVersion version) ->
                                        version.header().createdAtMillis())
                                .thenComparingLong(version -> version.header().step()));
    }
}
