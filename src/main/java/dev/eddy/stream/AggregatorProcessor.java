package dev.eddy.stream;

import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.Parcel;
import dev.eddy.sync.SyncCodec;
import dev.eddy.telemetry.AggregatorMeters;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Fits the aggregator into Kafka Streams: a task of its own, whose clock ticks only while a round is open. */
final class AggregatorProcessor implements Processor<byte @Nullable [], byte @Nullable [], byte[], byte[]> {

    private static final Duration TICK = Duration.ofMillis(250);

    private final StreamSettings settings;
    private final EddyTopology.Surroundings surroundings;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable Aggregator aggregator;
    private @Nullable AggregatorMeters meters;
    private @Nullable Cancellable ticking;

    AggregatorProcessor(StreamSettings settings, EddyTopology.Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        close();
        this.context = context;
        KeyValueStore<String, byte[]> store = context.getStateStore(AggregatorStore.NAME);
        AggregatorMeters opened =
                surroundings.telemetry().aggregator(settings.topics().input());
        aggregator = new Aggregator(
                settings,
                surroundings.inputPartitions(),
                LearnerStore.bytes(store),
                weights -> broadcast(context, weights),
                opened,
                context::currentSystemTimeMs);
        meters = opened;
        schedule();
    }

    private long broadcast(ProcessorContext<byte[], byte[]> context, GlobalWeights weights) {
        List<byte[]> chunks = Parcel.split(SyncCodec.encode(weights), settings.snapshotChunkBytes());
        long bytes = 0;
        for (int partition = 0; partition < surroundings.inputPartitions(); partition++) {
            for (int index = 0; index < chunks.size(); index++) {
                byte[] chunk = chunks.get(index);
                context.forward(
                        new Record<>(new SyncKey(partition, index).bytes(), chunk, context.currentSystemTimeMs()));
                bytes += chunk.length;
            }
        }
        return bytes;
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        Aggregator running = aggregator;
        if (running != null) {
            running.receive(SyncKey.partition(record.key()), record.value());
            schedule();
        }
    }

    private void schedule() {
        Aggregator running = aggregator;
        if (running == null || context == null || !running.isOpen()) {
            stopTicking();
        } else if (ticking == null) {
            ticking = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> {
                running.tick();
                schedule();
            });
        }
    }

    private void stopTicking() {
        if (ticking != null) {
            ticking.cancel();
            ticking = null;
        }
    }

    @Override
    public void close() {
        stopTicking();
        aggregator = null;
        if (meters != null) {
            meters.close();
            meters = null;
        }
    }
}
