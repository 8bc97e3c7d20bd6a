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
 * @param codeVersion what the release that wrote it calls itself
 * @param sha256 of the weights, as {@code Learner.weightsSha256}
 * @param threshold images with a score over it are anomalies; infinite while warming
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
        String codeVersion,
        String sha256,
        double threshold,
        Fingerprint configuration,
        List<String> lineage) {

    public SnapshotHeader {
        lineage = List.copyOf(lineage);
    }

    /** The same of another generation. */
    SnapshotHeader numbered(long number) {
        return new SnapshotHeader(
                topic,
                partition,
                number,
                step,
                nextOffset,
                createdAtMillis,
                codeVersion,
                sha256,
                threshold,
                configuration,
                lineage);
    }
}
