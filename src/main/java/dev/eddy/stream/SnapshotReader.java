package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import dev.eddy.snapshot.SnapshotStore.Restored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads what each partition has learned, whether or not a learner is running. */
public final class SnapshotReader {

    private SnapshotReader() {}

    /** Does something with a restored learner, which is closed afterwards. */
    @FunctionalInterface
    public interface Visitor {

        void visit(SnapshotHeader header, Learner learner);
    }

    /**
     * Reads the newest committed snapshot of each partition.
     *
     * @return in the order of the partitions; those without a snapshot are left out
     * @throws StreamStartException if the cluster does not answer, nothing was learned yet, or the configuration
     *     contradicts a snapshot
     */
    public static List<SnapshotHeader> read(StreamSettings settings) throws StreamStartException {
        List<SnapshotHeader> headers = new ArrayList<>();
        read(settings, (header, learner) -> headers.add(header));
        return headers;
    }

    /** As {@link #read(StreamSettings)}, with each partition's learner in turn. */
    public static void read(StreamSettings settings, Visitor visitor) throws StreamStartException {
        String topic = LearnerStore.changelogTopic(settings.applicationId());
        Consumer<String, byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(
                    KafkaProperties.reader(settings, "models"), new StringDeserializer(), new ByteArrayDeserializer());
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            if (partitions == null || partitions.isEmpty()) {
                throw new StreamStartException("topic " + topic + " does not exist: no learner with application.id "
                        + settings.applicationId() + " has run on this cluster");
            }
            for (PartitionInfo info : partitions.stream()
                    .sorted(Comparator.comparingInt(PartitionInfo::partition))
                    .toList()) {
                restore(settings, info.partition(), contents(consumer, info), visitor);
            }
        } catch (IncompatibleSnapshotException e) {
            throw new StreamStartException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw new StreamStartException(Topics.explained(settings, e), e);
        } finally {
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
        }
    }

    /**
     * As {@link #read(StreamSettings, Visitor)}, of the models topic: the newest complete version of each partition of
     * the input, in learners that hold no more than a model.
     */
    public static void readPublished(StreamSettings settings, Visitor visitor) throws StreamStartException {
        try {
            for (ModelVersion version : ModelTopic.inOrder(ModelTopic.read(settings))) {
                SnapshotHeader header = version.header();
                if (header.topic().equals(settings.topics().input())) {
                    try (Learner learner = new Learner(settings.learner(), header.partition())) {
                        version.adopt(learner);
                        visitor.visit(header, learner);
                    }
                }
            }
        } catch (IncompatibleSnapshotException e) {
            throw new StreamStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void restore(StreamSettings settings, int partition, Map<String, byte[]> contents, Visitor visitor)
            throws StreamStartException {
        SnapshotStore store = new SnapshotStore(readOnly(contents), settings.snapshotChunkBytes());
        try (Learner learner = new Learner(settings.learner(), partition)) {
            Optional<Restored> restored = store.restore(
                    settings.topics().input(),
                    partition,
                    Long.MAX_VALUE,
                    Fingerprint.of(settings.learner()),
                    learner::visit,
                    rejection -> {});
            if (restored.isPresent()) {
                learner.restored();
                SnapshotHeader header = restored.get().header();
                if (!learner.weightsSha256().equals(header.sha256())) {
                    throw new StreamStartException(
                            "the snapshot of " + settings.topics().input() + "-" + partition
                                    + " has other weights than its SHA-256 says: use the release that wrote it, "
                                    + header.codeVersion());
                }
                visitor.visit(header, learner);
            }
        }
    }

    /** The last value of each key, up to the end that the changelog has now. */
    private static Map<String, byte[]> contents(Consumer<String, byte[]> consumer, PartitionInfo info) {
        TopicPartition partition = new TopicPartition(info.topic(), info.partition());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Map<String, byte[]> contents = new HashMap<>();
        TopicEnd.readTo(consumer, System::currentTimeMillis, record -> {
            byte[] value = record.value();
            if (value == null) {
                contents.remove(record.key());
            } else {
                contents.put(record.key(), value);
            }
        });
        return contents;
    }

    private static ByteStore readOnly(Map<String, byte[]> contents) {
        return new ByteStore() {
            @Override
            public byte @Nullable [] get(String key) {
                return contents.get(key);
            }

            @Override
            public void put(String key, byte[] value) {
                throw new UnsupportedOperationException("only read");
            }

            @Override
            public void delete(String key) {
                throw new UnsupportedOperationException("only read");
            }
        };
    }
}
