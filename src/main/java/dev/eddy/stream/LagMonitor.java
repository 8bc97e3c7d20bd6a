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

/** Compares every few seconds the end of the log with where the learners are, and reports the difference. */
final class LagMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LagMonitor.class);
    private static final int PERIOD_SECONDS = 3;

    private final Admin admin;
    private final String topic;
    private final LivePartitions partitions;
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
                            ends, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get();
            for (PartitionLearner learner : learners) {
                ListOffsetsResultInfo end = answer.get(new TopicPartition(topic, learner.partition()));
                if (end != null) {
                    learner.reportEnd(end.offset());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) {
            LOG.debug("the log's end cannot be had now", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
