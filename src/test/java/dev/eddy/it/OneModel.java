package dev.eddy.it;

import dev.eddy.learn.LearnerConfig;
import dev.eddy.stream.StreamSettings;
import dev.eddy.sync.Aggregation;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.PlainFold;
import dev.eddy.sync.SyncCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.TopicConfig;

/**
 * All partitions end at the same round, each was sent the same rounds once, and every round is what its contributions
 * make of the one before: none is lost, none counted twice. The topics between partitions and aggregator are made
 * beforehand, to keep all that is ever in them; when a round was closed they do not tell, so a contribution that no round
 * counts must have been called late in the log of an instance.
 */
final class OneModel implements Guarantee {

    /** Compacted, as the learner insists, but not while a test lasts. */
    private static final Map<String, String> KEEP_ALL = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
            Long.toString(Long.MAX_VALUE));

    private final Path folder;
    private final String bootstrapServers;
    private final String contributionsTopic;
    private final String weightsTopic;
    private final Aggregation fold;
    private List<Model> models = List.of();
    private int rounds;

    /** @param folder where the instances' outputs are */
    OneModel(Path folder, String bootstrapServers, String applicationId, StreamSettings settings) {
        this.folder = folder;
        this.bootstrapServers = bootstrapServers;
        this.contributionsTopic = applicationId + "-sync-contributions";
        this.weightsTopic = applicationId + "-sync-weights";
        LearnerConfig learner = settings.learner();
        this.fold =
                new Aggregation(settings.sync().optimizer(), 1, learner.seed(), Run.PARTITIONS, learner.parameters());
        createTopics();
    }

    private void createTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(contributionsTopic, 1, (short) 1).configs(KEEP_ALL),
                            new NewTopic(weightsTopic, Run.PARTITIONS, (short) 1).configs(KEEP_ALL)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("topics " + contributionsTopic + ", " + weightsTopic, e);
        }
    }

    @Override
    public void learned(List<Model> learned) {
        models = learned;
    }

    /** Rounds that were closed, known after the check. */
    int rounds() {
        return rounds;
    }

    @Override
    public void check() {
        List<Contribution> contributions = new ArrayList<>();
        read(contributionsTopic, 1, (partition, message) -> contributions.add(SyncCodec.contribution(message)));
        List<List<GlobalWeights>> sent = new ArrayList<>();
        for (int partition = 0; partition < Run.PARTITIONS; partition++) {
            sent.add(new ArrayList<>());
        }
        read(weightsTopic, Run.PARTITIONS, (partition, message) -> sent.get(partition)
                .add(SyncCodec.globalWeights(message)));
        String logs = logs();
        PlainFold.check(
                fold,
                contributions,
                sent.get(0),
                c -> logs.contains(
                        "contribution of partition %d to round %d dropped".formatted(c.partition(), c.round() + 1)));
        rounds = sent.get(0).size();
        for (List<GlobalWeights> others : sent) {
            if (others.size() != rounds) {
                throw new AssertionError(rounds + " rounds sent to one partition, " + others.size() + " to another");
            }
            for (int i = 0; i < rounds; i++) {
                if (!Arrays.equals(others.get(i).weights(), sent.get(0).get(i).weights())) {
                    throw new AssertionError("partitions were sent different weights of round " + (i + 1));
                }
            }
        }
        if (rounds == 0
                || models.size() != Run.PARTITIONS
                || models.stream().anyMatch(model -> model.round() != rounds)) {
            throw new AssertionError("after " + rounds + " rounds the models are " + models);
        }
    }

    /** What all instances have logged, whether they were killed or not. */
    private String logs() {
        StringBuilder logs = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "run*.err")) {
            for (Path file : files) {
                logs.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return logs.toString();
    }

    private interface Reader {
        void read(int partition, byte[] message);
    }

    private void read(String topic, int partitions, Reader reader) {
        PlainFold.Assembly assembly = new PlainFold.Assembly();
        try (TopicReader records =
                new TopicReader(bootstrapServers, topic, partitions, IsolationLevel.READ_COMMITTED)) {
            Await.until(
                    "end of " + topic,
                    JarProcess.PATIENCE,
                    () -> "",
                    () -> records.poll(Duration.ofMillis(100), record -> take(assembly, record, reader)) == 0
                            && records.isAtEnd());
        }
    }

    private static void take(PlainFold.Assembly assembly, ConsumerRecord<byte[], byte[]> record, Reader reader) {
        int sender = ByteBuffer.wrap(record.key()).getInt();
        assembly.add(sender, record.value()).ifPresent(message -> reader.read(record.partition(), message));
    }
}
