package dev.eddy.stream;

import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.ModelVersion;
import java.util.Optional;

/** Where a partition's model comes from, if not from its own snapshots. Thread-safe. */
@FunctionalInterface
public interface Models {

    /** There is none: learners begin from nothing. */
    Models NONE = partition -> Optional.empty();

    /** The model for a partition of the input, as it is now. */
    Optional<ModelVersion> of(int partition);

    /** One model for all partitions. */
    static Models always(ModelVersion version) {
        return partition -> Optional.of(version);
    }

    /**
     * What the models topic has now: a partition's own model, or else the newest of all.
     *
     * @throws StreamStartException if there is no such topic, no complete model in it, or the cluster does not answer
     */
    static Models published(StreamSettings settings) throws StreamStartException {
        ModelLog log = ModelTopic.read(settings);
        if (log.newest().isEmpty()) {
            throw new StreamStartException("topic " + settings.topics().models() + " has no complete model yet: a"
                    + " learner publishes one with each snapshot");
        }
        return partition -> log.of(settings.topics().input(), partition);
    }
}
