package dev.eddy.stream;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The store of the rounds: in memory, changelogged, {@link #NAME}. */
final class AggregatorStore {

    static final String NAME = "aggregator-state";

    private AggregatorStore() {}

    static StoreBuilder<KeyValueStore<String, byte[]>> builder(StreamSettings settings) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(NAME), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(LearnerStore.changelog(settings.learner()))
                .withCachingDisabled();
    }

    /** The name of the changelog's topic. */
    static String changelogTopic(String applicationId) {
        return applicationId + "-" + NAME + "-changelog";
    }
}
