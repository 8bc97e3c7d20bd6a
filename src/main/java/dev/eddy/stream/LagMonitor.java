package dev.eddy.stream;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares every few seconds the end of the log with where the learners are, and reports the difference. Says in the log
 * when the brokers stop answering and when they are back: a consumer that waits for them says nothing.
 */
final class LagMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LagMonitor.class);
    private static final int PERIOD_SECONDS = 3;
    private static final int PATIENCE_MILLIS = 15_000;

    private final Admin admin;
    private final String topic;
    private final LivePartitions partitions;
    private boolean answered = true;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "eddy-lag");
        t.setDaemon(true);
        return t;
    });

    LagMonitor(Admin admin, String topic, LivePartitions partitions) {
        this.admin = admin;
        this.topic = topic;
        this.partitions = partitions;
        var unused = thread.scheduleWithFixedDelay(this::measure, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void measure() {
        Collection<PartitionLearner> learners = partitions.all();
        if (learners.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        learners.forEach(l -> ends.put(new TopicPartition(topic, l.partition()), OffsetSpec.latest()));
        try {
            Map<TopicPartition, ListOffsetsResultInfo> answer = admin.listOffsets(
                            ends, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(PATIENCE_MILLIS))
                    .all()
                    .get();
            for (PartitionLearner learner : learners) {
                ListOffsetsResultInfo end = answer.get(new TopicPartition(topic, learner.partition()));
                if (end != null) {
                    learner.reportEnd(end.offset());
                }
            }
            if (!answered) {
                answered = true;
                LOG.info("the brokers answer again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) {
            if (answered) {
                answered = false;
                Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
                LOG.warn(
                        "the brokers do not tell the end of {}: {}; waits for them",
                        topic,
                        String.valueOf(cause.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
