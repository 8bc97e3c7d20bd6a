package dev.eddy.bench;

import dev.eddy.cli.EddyConfig;
import dev.eddy.learn.Learner;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import dev.eddy.local.Topics;
import dev.eddy.stream.EddyStreams;
import dev.eddy.stream.StreamStartException;
import dev.eddy.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records a second through the embedded broker, from a topic that is filled beforehand: the topology of {@code run}
 * against a consumer's loop around libtorch, and against the learner alone on the same pictures. Each reading starts
 * anew from the topic's beginning and leaves the first records out, in which clients start and models are small in
 * the caches. Time on the wall: a rate through a broker is nothing else.
 */
final class EndToEnd implements AutoCloseable {

    private static final String ONE = "images";
    private static final String TWO = "images-two";
    private static final int SKIP = 40 * 64;
    private static final int COUNT = Integer.getInteger("eddy.bench.records", 100 * 64);
    private static final Pattern SCORED =
            Pattern.compile("^eddy_records_scored_total(?:\\{[^}]*})? (\\S+)", Pattern.MULTILINE);

    private final PeerProcess peer;
    private final EmbeddedBroker broker;
    private final Path directory;
    private final byte[][] pictures;

    EndToEnd(PeerProcess peer) throws IOException, InterruptedException {
        this.peer = peer;
        this.directory = Files.createTempDirectory("eddy-bench");
        this.broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
        SampleStream samples = new SampleStream(1);
        this.pictures = new byte[SKIP + COUNT][];
        Arrays.setAll(pictures, i -> samples.get(i).image().pixels());
        fill(ONE, 1);
        fill(TWO, 2);
    }

    private void fill(String topic, int partitions) throws IOException, InterruptedException {
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        try (Topics topics = new Topics(properties, Duration.ofSeconds(30))) {
            topics.create(topic, partitions, Map.of());
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (byte[] picture : pictures) {
                for (int partition = 0; partition < partitions; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(topic, partition, null, picture)));
                }
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the broker does not take the pictures", e);
        }
    }

    /** Records a second of the topology of {@code run} at exactly-once, on one partition and thread. */
    double eddy() throws IOException, InterruptedException {
        return eddy(ONE, 1);
    }

    /** The same for two partitions on two threads, together. */
    double eddyOnTwo() throws IOException, InterruptedException {
        return eddy(TWO, 2);
    }

    private double eddy(String topic, int partitions) throws IOException, InterruptedException {
        String application = "bench-" + UUID.randomUUID();
        EddyConfig config = new EddyConfig(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "application.id",
                application,
                "input.topic",
                topic,
                "scores.topic",
                "scores-of-" + topic,
                "num.stream.threads",
                Integer.toString(partitions),
                "state.dir",
                directory.toString()));
        try (Telemetry telemetry = new Telemetry(application);
                EddyStreams streams = EddyStreams.start(config.stream(), telemetry)) {
            double from = await(streams, telemetry, (double) SKIP * partitions);
            long start = System.nanoTime();
            double to = await(streams, telemetry, (double) (SKIP + COUNT) * partitions);
            return (to - from) / (System.nanoTime() - start) * 1e9;
        } catch (StreamStartException e) {
            throw new IllegalStateException("the learner does not start: " + e.getMessage(), e);
        }
    }

    private static double await(EddyStreams streams, Telemetry telemetry, double scored) throws InterruptedException {
        while (true) {
            double sum = 0;
            Matcher matcher = SCORED.matcher(telemetry.scrape());
            while (matcher.find()) {
                sum += Double.parseDouble(matcher.group(1));
            }
            if (sum >= scored) {
                return sum;
            }
            if (streams.awaitEnd(Duration.ofMillis(20))) {
                throw new IllegalStateException("the learner ended: " + streams.failure());
            }
        }
    }

    /** Records a second of libtorch behind a plain consumer. */
    double libtorch() throws IOException {
        return COUNT * 1e9 / peer.consume(broker.bootstrapServers(), ONE, SKIP, COUNT);
    }

    /** Records a second of the learner alone, scores read, on the same pictures. */
    double inProcess() {
        try (Learner learner = new Learner(Preset.DEFAULT.learner(64, 32), 0)) {
            learn(learner, 0, SKIP);
            long start = System.nanoTime();
            learn(learner, SKIP, COUNT);
            return COUNT * 1e9 / (System.nanoTime() - start);
        }
    }

    private void learn(Learner learner, int from, int count) {
        for (int i = from; i < from + count; i++) {
            learner.add(pictures[i]);
            if (learner.isFull()) {
                for (int row = 0; row < learner.rows(); row++) {
                    learner.score(row);
                }
                learner.train();
            }
        }
    }

    @Override
    public void close() throws IOException {
        broker.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
