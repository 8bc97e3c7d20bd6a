package dev.eddy.stream;

import dev.eddy.image.Image;
import dev.eddy.snapshot.ModelWriter;
import dev.eddy.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The topology: records in, decoder, learner, and a sink for each kind of result. Dead letters are Kafka Streams' own
 * business. Scores go to the partition of the same number as their record's, so that they lie in its order.
 *
 * <p>Where partitions learn one model, the learner's other input are the global weights, one copy to each partition, and
 * a second sub-topology of one task turns contributions into them.
 */
final class EddyTopology {

    static final String IMAGES = "images";
    static final String DECODER = "decoder";
    static final String LEARNER = "learner";
    static final String SCORES = "scores";
    static final String ANOMALIES = "anomalies";
    static final String SAMPLES = "samples";
    static final String MODELS = "models";
    static final String CONTRIBUTIONS = "contributions";
    static final String ARRIVED_CONTRIBUTIONS = "arrived-contributions";
    static final String AGGREGATOR = "aggregator";
    static final String GLOBAL_WEIGHTS = "global-weights";
    static final String ARRIVED_WEIGHTS = "arrived-weights";

    /** The consumer's auto.offset.reset decides, which is earliest in Kafka Streams. */
    private static final @Nullable AutoOffsetReset NO_RESET_OF_ITS_OWN = null;

    private EddyTopology() {}

    /**
     * What the learners of a process share.
     *
     * @param sources a partition's input as a log
     * @param models where partitions without a snapshot begin, or what is scored with
     * @param limit what the output topics take
     * @param inputPartitions partitions of the input
     * @param partitions where the learners are entered
     */
    record Surroundings(
            IntFunction<SourceLog> sources,
            Models models,
            MessageLimit limit,
            int inputPartitions,
            Telemetry telemetry,
            LivePartitions partitions) {}

    static Topology build(StreamSettings settings, Surroundings surroundings) {
        ProcessorSupplier<byte @Nullable [], byte @Nullable [], byte @Nullable [], Image> decoder =
                () -> new DecodingProcessor(settings.decoder());
        ProcessorSupplier<byte @Nullable [], Object, byte @Nullable [], Object> learner =
                () -> new LearnerProcessor(settings, surroundings);
        StreamPartitioner<byte[], ScoreRecord> inOrder =
                (topic, key, value, partitions) -> Optional.of(Set.of(value.partition() % partitions));
        Topology topology = new Topology();
        topology.addSource(
                        NO_RESET_OF_ITS_OWN,
                        IMAGES,
                        new RecordTimestamp(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        settings.topics().input())
                .addProcessor(DECODER, decoder, IMAGES)
                .addProcessor(LEARNER, learner, parents(topology, settings))
                .addStateStore(LearnerStore.builder(settings), LEARNER)
                .addStateStore(new CommitSignal.Builder(), LEARNER)
                .addSink(
                        SCORES,
                        settings.topics().scores(),
                        new ByteArraySerializer(),
                        new ScoreRecord.JsonSerializer(),
                        inOrder,
                        LEARNER)
                .addSink(
                        ANOMALIES,
                        settings.topics().anomalies(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        LEARNER);
        if (settings.trains()) {
            topology.addSink(
                    SAMPLES,
                    settings.topics().samples(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer(),
                    LEARNER);
        }
        if (settings.publishesModels()) {
            StreamPartitioner<byte[], byte[]> together = (topic, key, value, partitions) ->
                    Optional.of(Set.of(ModelWriter.partition(new String(key, StandardCharsets.UTF_8), partitions)));
            topology.addSink(
                    MODELS,
                    settings.topics().models(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer(),
                    together,
                    LEARNER);
        }
        if (settings.synchronises()) {
            addAggregator(topology, settings, surroundings);
        }
        return topology;
    }

    /** Global weights have no place in the stream's time: they are taken in as soon as they are there. */
    private static String[] parents(Topology topology, StreamSettings settings) {
        if (!settings.synchronises()) {
            return new String[] {DECODER};
        }
        topology.addSource(
                AutoOffsetReset.earliest(),
                ARRIVED_WEIGHTS,
                (record, partitionTime) -> 0,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                SyncTopics.weights(settings.applicationId()));
        return new String[] {DECODER, ARRIVED_WEIGHTS};
    }

    private static void addAggregator(Topology topology, StreamSettings settings, Surroundings surroundings) {
        ProcessorSupplier<byte @Nullable [], byte @Nullable [], byte[], byte[]> aggregator =
                () -> new AggregatorProcessor(settings, surroundings);
        StreamPartitioner<byte[], byte[]> toItsPartition =
                (topic, key, value, partitions) -> Optional.of(Set.of(SyncKey.partition(key)));
        topology.addSink(
                        CONTRIBUTIONS,
                        SyncTopics.contributions(settings.applicationId()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        LEARNER)
                .addSource(
                        AutoOffsetReset.earliest(),
                        ARRIVED_CONTRIBUTIONS,
                        new RecordTimestamp(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        SyncTopics.contributions(settings.applicationId()))
                .addProcessor(AGGREGATOR, aggregator, ARRIVED_CONTRIBUTIONS)
                .addStateStore(AggregatorStore.builder(settings), AGGREGATOR)
                .addSink(
                        GLOBAL_WEIGHTS,
                        SyncTopics.weights(settings.applicationId()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        toItsPartition,
                        AGGREGATOR);
    }
}
