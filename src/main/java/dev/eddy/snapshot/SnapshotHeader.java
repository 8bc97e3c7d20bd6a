package dev.eddy.snapshot;

import java.util.List;

/**
 * What a snapshot says of itself.
 *
 * @param topic the log that was folded
 * @param partition its partition
 * @param generation counts the snapshots of a store, 1 the first; the higher is the newer
 * @param step micro-batches trained on
 * @param nextOffset the first record not yet trained on
 * @param createdAtMillis Unix time
 * @param configuration what the fold is a function of besides the log
 * @param lineage what happened to the model that is no function of the log, oldest first: starts, gaps, changes
 */
public record SnapshotHeader(
        String topic,
        int partition,
        long generation,
        long step,
        long nextOffset,
        long createdAtMillis,
        Fingerprint configuration,
        List<String> lineage) {

    public SnapshotHeader {
        lineage = List.copyOf(lineage);
    }
}
