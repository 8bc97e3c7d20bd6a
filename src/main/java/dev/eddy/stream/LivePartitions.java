package dev.eddy.stream;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The partitions that this process learns from now. Thread-safe. */
final class LivePartitions {

    private final Set<PartitionLearner> learners = ConcurrentHashMap.newKeySet();

    void add(PartitionLearner learner) {
        learners.add(learner);
    }

    void remove(PartitionLearner learner) {
        learners.remove(learner);
    }

    Collection<PartitionLearner> all() {
        return List.copyOf(learners);
    }

    /** Asks each for its owed scores and a snapshot, and waits for them; whether all were written in time. */
    boolean snapshotAll(long patienceMillis) throws InterruptedException {
        CompletableFuture<?>[] requests =
                learners.stream().map(PartitionLearner::requestSnapshot).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(requests).get(patienceMillis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
