package dev.eddy.stream;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * A store that stores nothing: under at-least-once Kafka Streams commits every store after it has flushed the outputs
 * and committed the offsets, and tells a processor of it in no other way. Used by the stream thread.
 */
final class CommitSignal implements StateStore {

    static final String NAME = "commit-signal";

    private Runnable listener = () -> {};
    private boolean open;

    /** Calls the listener after each commit, instead of the one before. */
    void listen(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
        open = true;
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        listener.run();
    }

    @Override
    public void close() {
        open = false;
        listener = () -> {};
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Makes one for each task. */
    static final class Builder implements StoreBuilder<CommitSignal> {

        @Override
        public CommitSignal build() {
            return new CommitSignal();
        }

        @Override
        public StoreBuilder<CommitSignal> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitSignal> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitSignal> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<CommitSignal> withLoggingDisabled() {
            return this;
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
