package dev.eddy.stream;

import java.util.List;

/** The two topics that carry a model that is learned in many partitions; of nobody else's concern. */
final class SyncTopics {

    private SyncTopics() {}

    /** From the partitions to the aggregator: one partition, so that the order of arrival is one. */
    static String contributions(String applicationId) {
        return applicationId + "-sync-contributions";
    }

    /** From the aggregator to each partition: as many partitions as the input has. */
    static String weights(String applicationId) {
        return applicationId + "-sync-weights";
    }

    static List<String> all(String applicationId) {
        return List.of(contributions(applicationId), weights(applicationId));
    }
}
