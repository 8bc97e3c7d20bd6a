package dev.eddy.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.local.SampleStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** How it ends, and what it answers until then. */
class OperationsIT extends OneBroker {

    private static final Pattern RESTORED =
            Pattern.compile("restored, step (\\d+), next offset \\d+, (\\d+) to replay");

    /**
     * SIGTERM in full work: every record that the group is done with has its score, there is a snapshot of the steps
     * until then, and the group has no member, though it would wait two minutes for one that is silent.
     */
    @Test
    void sigtermFinishesTheBatchInHandTakesASnapshotAndLeavesTheGroup() throws Exception {
        Path config = config("snapshot.every.steps", "1000000", "session.timeout.ms", "120000");
        try (Instance instance = Instance.start(folder, config);
                TopicReader scores =
                        new TopicReader(broker.bootstrapServers(), "scores", 1, IsolationLevel.READ_COMMITTED);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            SampleStream pictures = new SampleStream(5);
            LongStream.range(0, 20_000)
                    .forEach(i -> send(pictures.get(i).image().pixels()));
            producer.flush();
            long[] scored = {0};
            Await.until("scores", JarProcess.PATIENCE, instance.process()::tail, () -> {
                scored[0] += scores.poll(Duration.ofMillis(100), score -> {});
                return scored[0] > 500;
            });
            long before = scored[0];
            instance.process().terminate();
            Await.until(
                    "it ends after SIGTERM", Duration.ofSeconds(10), instance.process()::tail, () -> !instance.process()
                            .isAlive());
            assertEquals(0, instance.process().exitCode(), instance.process().tail());
            assertTrue(
                    instance.process().err().contains("ended in good order"),
                    instance.process().tail());
            assertFalse(
                    instance.process().err().contains(" WARN "),
                    instance.process().tail());

            assertEquals(
                    List.of(),
                    List.copyOf(admin.describeConsumerGroups(List.of("eddy-it"))
                            .all()
                            .get()
                            .get("eddy-it")
                            .members()));
            long done = admin.listConsumerGroupOffsets("eddy-it")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(INPUT)
                    .offset();
            Await.until("the scores' end", JarProcess.PATIENCE, instance.process()::tail, () -> {
                scored[0] += scores.poll(Duration.ofMillis(100), score -> {});
                return scores.isAtEnd();
            });
            assertEquals(done, scored[0], "records that the group is done with, and scores");
            assertTrue(done < 20_000, "it was ended in full work");
            try (Instance next = Instance.start(folder, config)) {
                next.awaitPartition();
                Matcher restored = RESTORED.matcher(next.process().err());
                assertTrue(restored.find(), next.process().tail());
                long step = Long.parseLong(restored.group(1));
                assertTrue(step >= before / BATCH, "the snapshot is the last one: step " + step + ", " + before);
                assertEquals(done - step * BATCH, Long.parseLong(restored.group(2)), "records to replay");
                next.awaitMetric(20_000 - done, "eddy_records_scored_total");
                next.awaitCountersAgree();
            }
        }
    }

    /** The broker goes away in full work: nothing can be committed any more. */
    @Test
    void whatIsNotCommittedInTimeIsLeftToTheNextStartAndTheExitCodeTells() throws Exception {
        try (Instance instance = Instance.start(folder, config("commit.interval.ms", "5000"))) {
            SampleStream pictures = new SampleStream(5);
            LongStream.range(0, 20_000)
                    .forEach(i -> send(pictures.get(i).image().pixels()));
            producer.flush();
            instance.awaitPartition();
            broker.close();
            instance.process().terminate();
            Await.until(
                    "it ends after SIGTERM", Duration.ofSeconds(20), instance.process()::tail, () -> !instance.process()
                            .isAlive());
            assertEquals(1, instance.process().exitCode(), instance.process().tail());
            assertEquals(
                    1,
                    instance.lines("did not end in time: its transaction is aborted"),
                    instance.process().tail());
            assertEquals(
                    0, instance.lines("ended in good order"), instance.process().tail());
        }
    }

    /** The broker is silent while the last snapshot is due, and back in time for the group to be left. */
    @Test
    void aLastSnapshotThatIsNotWrittenIsToldByTheExitCode() throws Exception {
        try (BrokerProcess silent = BrokerProcess.start(folder);
                Instance instance = Instance.start(
                        folder,
                        config("bootstrap.servers", silent.bootstrapServers(), "snapshot.every.steps", "1000000"));
                KafkaProducer<byte[], byte[]> feed = new KafkaProducer<>(
                        Map.of("bootstrap.servers", silent.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            instance.get("/metrics"); // it has created the topic
            SampleStream pictures = new SampleStream(5);
            LongStream.range(0, 20_000).forEach(i -> {
                var unused = feed.send(new ProducerRecord<>(
                        INPUT.topic(), pictures.get(i).image().pixels()));
            });
            feed.flush();
            Await.until("scores", JarProcess.PATIENCE, instance.process()::tail, () -> scored(instance) > 500);
            silent.pause();
            long[] before = {-1};
            Await.until("it waits for a commit", JarProcess.PATIENCE, instance.process()::tail, () -> {
                LockSupport.parkNanos(SECONDS.toNanos(1));
                long last = before[0];
                before[0] = scored(instance);
                return before[0] == last;
            });
            instance.process().terminate();
            instance.awaitLines(1, "the last snapshots were not written in time");
            silent.resume();
            assertEquals(1, instance.process().exitCode(), instance.process().tail());
            assertEquals(
                    0, instance.lines("ended in good order"), instance.process().tail());
        }
    }

    private static long scored(Instance instance) {
        try {
            return instance.metric("eddy_records_scored_total");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A broker that takes connections and says nothing: it is alive, not ready, and ends when it is told to. */
    @Test
    void probesAreAnsweredAndSigtermHeededWhileItWaitsForABroker() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Path config = config(
                    "bootstrap.servers",
                    "127.0.0.1:" + mute.getLocalPort(),
                    "http.listen",
                    "127.0.0.1:" + port,
                    "admin.default.api.timeout.ms",
                    "120000");
            try (Instance instance = Instance.start(folder, config, "--reset")) {
                URI page = URI.create("http://127.0.0.1:" + port + "/");
                Await.until(
                        "it is alive",
                        JarProcess.PATIENCE,
                        instance.process()::tail,
                        () -> status(page.resolve("/health/live")) == 200);
                assertEquals(503, status(page.resolve("/health/ready")));
                assertEquals("", instance.process().out(), "it has not started to learn");
                instance.process().terminate();
                Await.until(
                        "it ends after SIGTERM",
                        Duration.ofSeconds(10),
                        instance.process()::tail,
                        () -> !instance.process().isAlive());
            }
        }
    }

    private static int status(URI uri) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return -1; // nobody listens yet
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
