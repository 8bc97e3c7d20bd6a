package dev.eddy.stream;

import dev.eddy.learn.LearnerConfig;
import dev.eddy.snapshot.SnapshotStore;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/**
 * All that a learner on a stream is configured by.
 *
 * @param role whether it trains
 * @param topics the topics
 * @param createTopics whether missing ones are created
 * @param inputPartitions partitions of the input topic if it is created
 * @param learner what the fold is a function of
 * @param decoder turns records into images of the learner's geometry
 * @param labelHeader header of a record that carries its label, for reports only; empty for none
 * @param lingerMillis longest wait of an image for its score
 * @param snapshotEverySteps micro-batches between two snapshots
 * @param snapshotIdleMillis a snapshot is written as well when a partition has not been trained for so long
 * @param snapshotChunkBytes most bytes of a record of the learner's changelog
 * @param samplesEverySteps micro-batches between two publications of samples
 * @param samplesCount images in one publication
 * @param sync how partitions that learn one model come together
 * @param codeVersion what this release calls itself, for snapshots to tell
 * @param kafka properties of Kafka Streams and its clients: {@code application.id} and {@code bootstrap.servers} at
 *     least
 */
public record StreamSettings(
        Role role,
        TopicNames topics,
        boolean createTopics,
        int inputPartitions,
        LearnerConfig learner,
        RecordDecoder decoder,
        String labelHeader,
        long lingerMillis,
        int snapshotEverySteps,
        long snapshotIdleMillis,
        int snapshotChunkBytes,
        int samplesEverySteps,
        int samplesCount,
        SyncSettings sync,
        String codeVersion,
        Map<String, Object> kafka) {

    public static final int DEFAULT_SNAPSHOT_CHUNK_BYTES = 512 * 1024;
    public static final long DEFAULT_SNAPSHOT_IDLE_MILLIS = 2_000;
    public static final int DEFAULT_SAMPLES_COUNT = 16;

    public StreamSettings {
        kafka = Map.copyOf(kafka);
        if (snapshotChunkBytes > SnapshotStore.MAX_CHUNK_BYTES) {
            throw new IllegalArgumentException(
                    "snapshot chunks of " + snapshotChunkBytes + " bytes: at most " + SnapshotStore.MAX_CHUNK_BYTES);
        }
    }

    /** Kafka Streams' {@code application.id}, which is the consumer group as well. */
    public String applicationId() {
        return String.valueOf(kafka.get(StreamsConfig.APPLICATION_ID_CONFIG));
    }

    /** Whether the partitions learn one model. */
    boolean synchronises() {
        return trains() && learner.syncEverySteps() > 0;
    }

    /** The same that only scores: an application of its own, {@code -score} behind its {@code application.id}. */
    public StreamSettings scoring() {
        Map<String, Object> renamed = new HashMap<>(kafka);
        renamed.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId() + "-score");
        return new StreamSettings(
                Role.SCORE,
                topics,
                createTopics,
                inputPartitions,
                learner,
                decoder,
                labelHeader,
                lingerMillis,
                snapshotEverySteps,
                snapshotIdleMillis,
                snapshotChunkBytes,
                samplesEverySteps,
                samplesCount,
                sync,
                codeVersion,
                renamed);
    }

    boolean trains() {
        return role == Role.LEARN;
    }

    /** Whether models are published. */
    boolean publishesModels() {
        return trains() && !topics.models().isEmpty();
    }

    /** Whether a transaction spans outputs, snapshots and offsets. */
    boolean exactlyOnce() {
        return !StreamsConfig.AT_LEAST_ONCE.equals(kafka.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }
}
