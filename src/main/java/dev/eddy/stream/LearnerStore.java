package dev.eddy.stream;

import dev.eddy.learn.LearnerConfig;
import dev.eddy.snapshot.ByteStore;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** The store of snapshots and progress: in memory, changelogged, {@link #NAME}. */
final class LearnerStore {

    static final String NAME = "learner-state";

    /** Smallest segment that the broker takes, KIP-1030. */
    private static final long LEAST_SEGMENT_BYTES = 1 << 20;

    private static final long MOST_SEGMENT_BYTES = 1 << 30;

    private LearnerStore() {}

    static StoreBuilder<KeyValueStore<String, byte[]>> builder(StreamSettings settings) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(NAME), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(changelog(settings.learner()))
                .withCachingDisabled();
    }

    /** The name of the changelog's topic. */
    static String changelogTopic(String applicationId) {
        return applicationId + "-" + NAME + "-changelog";
    }

    /**
     * Compaction touches closed segments alone: with segments of a gigabyte a restore would read hundreds of old
     * snapshots. So a segment holds about two, and is rolled and cleaned soon.
     */
    static Map<String, String> changelog(LearnerConfig config) {
        long segment = Math.max(LEAST_SEGMENT_BYTES, Math.min(MOST_SEGMENT_BYTES, 2 * snapshotBytes(config)));
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Long.toString(segment),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, // records are as old as images are, or older
                "LogAppendTime",
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.1",
                TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                "0",
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                "300000",
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                "300000");
    }

    /**
     * Roughly the bytes of one snapshot: four floats a parameter (weight, two moments, average), one more if there is an
     * anchor, and the windows.
     */
    static long snapshotBytes(LearnerConfig config) {
        long differences =
                config.vae().encoder().stream().mapToLong(width -> width).sum()
                        + config.vae().latent();
        long windows = 4L * config.anomaly().referenceWindow() * differences;
        long reservoir = config.replays()
                ? (long) config.vae().replayCapacity() * config.geometry().size()
                : 0;
        int arrays = config.syncEverySteps() > 0 ? 5 : 4;
        return 4L * arrays * config.parameters() + windows + reservoir;
    }

    /** The store as the snapshots see it. */
    static ByteStore bytes(KeyValueStore<String, byte[]> store) {
        return new ByteStore() {
            @Override
            public byte @Nullable [] get(String key) {
                return store.get(key);
            }

            @Override
            public void put(String key, byte[] value) {
                store.put(key, value);
            }

            @Override
            public void delete(String key) {
                store.delete(key);
            }
        };
    }
}
