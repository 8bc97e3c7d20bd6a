package dev.eddy.cli;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.SnapshotHeader;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition's model as scripts read it.
 *
 * @param step micro-batches trained on
 * @param nextOffset the first record not trained on
 * @param round of the weights that all partitions share that the model was last brought together with, 0 for none
 * @param sha256 of the weights
 * @param createdAt ISO 8601, UTC
 * @param codeVersion the release that trained it
 * @param threshold images with a score over it are anomalies; null while warming
 * @param lineage what happened to the model that is no function of the log, oldest first
 */
record PartitionModel(
        int partition,
        long step,
        long nextOffset,
        long round,
        String sha256,
        String createdAt,
        String codeVersion,
        @Nullable Double threshold,
        List<String> lineage) {

    static PartitionModel of(SnapshotHeader header, Learner learner) {
        return new PartitionModel(
                header.partition(),
                header.step(),
                header.nextOffset(),
                learner.round(),
                header.sha256(),
                Instant.ofEpochMilli(header.createdAtMillis()).toString(),
                header.codeVersion(),
                Double.isFinite(header.threshold()) ? header.threshold() : null,
                header.lineage());
    }
}
