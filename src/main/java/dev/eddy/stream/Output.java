package dev.eddy.stream;

import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.sync.Contribution;
import org.jspecify.annotations.Nullable;

/** Where a partition's results go. Called on the partition's stream thread, inside its transaction. */
interface Output {

    /** Publishes the one score of a record, and counts it under the record's label. */
    void score(PendingImage image, Score score);

    /**
     * Publishes a flagged record.
     *
     * @param reconstruction {@code geometry.size()} values in [0, 1]
     */
    void anomaly(PendingImage image, Score score, float[] reconstruction);

    /**
     * Publishes generated images.
     *
     * @param step micro-batches that the model had been trained on
     * @param images each {@code geometry.size()} values in [0, 1]
     */
    void samples(SampleKind kind, long step, float[][] images);

    /**
     * Sends what the partition has learned to the global weights.
     *
     * @return bytes sent
     */
    long contribution(Contribution contribution);

    /**
     * Publishes a part of a version of the model.
     *
     * @param value null deletes
     */
    void model(String key, byte @Nullable [] value);

    /** Scores are by this published model from now on. */
    default void switched(SnapshotHeader model) {}

    /** Shows an ordinary record and what the model makes of it, to people only. */
    void ordinary(PendingImage image, float[] reconstruction);
}
