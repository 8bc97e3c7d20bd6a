package dev.eddy.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void whatIsProducedIsConsumedAndNothingStaysBehind() throws Exception {
        SampleStream stream = new SampleStream(1, 0.5);
        Path directory;
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            directory = broker.directory();
            assertTrue(Files.isDirectory(directory));
            Map<String, String> client = client(broker.bootstrapServers());
            produce(client, stream, 3, 2_000);
            List<ConsumerRecord<byte[], byte[]>> records = Received.all(client, "images");
            assertEquals(2_000, records.size());
            for (ConsumerRecord<byte[], byte[]> found : records) {
                SampleStream.Sample sample = stream.get(Long.parseLong(new String(found.key(), UTF_8)));
                assertArrayEquals(sample.image().pixels(), found.value());
                assertEquals(Integer.toString(sample.label()), header(found, "eddy-label"));
                assertEquals(sample.damage().map(Damage::toString).orElse(""), header(found, "eddy-damage"));
            }
            try (Admin admin = Admin.create(Map.copyOf(client))) {
                Map<String, ?> features =
                        admin.describeFeatures().featureMetadata().get().finalizedFeatures();
                assertTrue(features.containsKey("streams.version"), "group.protocol=streams: " + features);
            }
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void aKeptDirectoryKeepsItsRecordsOverAStopAndAKill() throws Exception {
        Path directory = folder.resolve("kept");
        SampleStream stream = new SampleStream(2);
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY.in(directory))) {
            produce(client(broker.bootstrapServers()), stream, 2, 500);
        }
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            Map<String, String> client = client(broker.bootstrapServers());
            assertEquals(500, Received.all(client, "images").size());
            produce(client, stream, 2, 700);
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY.in(directory))) {
            assertEquals(
                    1_200,
                    Received.all(client(broker.bootstrapServers()), "images").size());
            BrokerException taken = assertThrows(
                    BrokerException.class, () -> EmbeddedBroker.start(BrokerSettings.TEMPORARY.in(directory)));
            assertMessage(taken, "another broker runs in " + directory);
        }
        assertTrue(Files.isDirectory(directory));
        assertEquals(
                List.of(
                        "RegisterBrokerRecord",
                        "RegisterBrokerRecord", // after a stop
                        "UnregisterBrokerRecord",
                        "RegisterBrokerRecord"), // after a kill
                registrations(directory),
                "a broker that was killed is not led to believe that it still leads");
    }

    /** What the controller has written down of the broker's coming and going. */
    private static List<String> registrations(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        Path log = directory.resolve("__cluster_metadata-0").resolve("00000000000000000000.log");
        try (FileRecords records = FileRecords.open(log.toFile(), false)) {
            for (RecordBatch batch : records.batches()) {
                if (!batch.isControlBatch()) {
                    for (Record change : batch) {
                        ByteBuffer value = change.value();
                        String name = MetadataRecordSerde.INSTANCE
                                .read(new ByteBufferAccessor(value), value.remaining())
                                .message()
                                .getClass()
                                .getSimpleName();
                        if (Set.of("RegisterBrokerRecord", "UnregisterBrokerRecord")
                                .contains(name)) {
                            names.add(name);
                        }
                    }
                }
            }
        }
        return names;
    }

    @Test
    void aTakenPortOrAForeignFolderIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            int port = taken.getLocalPort();
            BrokerException refusal =
                    assertThrows(BrokerException.class, () -> EmbeddedBroker.start(BrokerSettings.TEMPORARY.on(port)));
            assertMessage(refusal, "port " + port + " is taken");
        }
        Files.writeString(folder.resolve("letter.txt"), "dear reader");
        BrokerException refusal =
                assertThrows(BrokerException.class, () -> EmbeddedBroker.start(BrokerSettings.TEMPORARY.in(folder)));
        assertMessage(refusal, "holds no broker's data");
        assertMessage(
                assertThrows(
                        BrokerException.class,
                        () -> EmbeddedBroker.start(BrokerSettings.TEMPORARY.with("num.io.threads", "many"))),
                "num.io.threads");
    }

    @Test
    void topicsAreCreatedOnceAndTheirPartitionsHeldTo() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                Topics topics = new Topics(client(broker.bootstrapServers()), PATIENCE)) {
            assertEquals(3, topics.create("images", 3, Map.of("cleanup.policy", "compact")));
            assertEquals(3, topics.create("images", 5, Map.of()));
            assertEquals(3, topics.require("images"));
            assertTrue(topics.partitions("none").isEmpty());
            assertMessage(
                    assertThrows(BrokerException.class, () -> topics.require("none")), "topic none does not exist");
            assertMessage(
                    assertThrows(BrokerException.class, () -> topics.createExactly("images", 2, Map.of())),
                    "topic images has 3 partitions where 2 are expected");
            assertMessage(
                    assertThrows(BrokerException.class, () -> topics.create("a b", 1, Map.of())),
                    "'a b' is no name for a topic");
            assertMessage(
                    assertThrows(BrokerException.class, () -> topics.create("x", 1, Map.of("no.such", "1"))),
                    "no.such");
        }
    }

    @Test
    void anImageOverTheLimitIsNamed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            Map<String, String> client = client(broker.bootstrapServers());
            try (Topics topics = new Topics(client, PATIENCE);
                    ImageProducer producer = new ImageProducer(client, "images", PATIENCE)) {
                topics.create("images", 1, Map.of());
                OutgoingImage large = new OutgoingImage("large.png", new byte[2 << 20], Map.of());
                BrokerException refusal = assertThrows(
                        BrokerException.class,
                        () -> producer.send(
                                () -> java.util.Optional.of(large), 1, ImageProducer.UNLIMITED, sent -> {}));
                assertMessage(refusal, "image large.png of 2097152 bytes is too large");
            }
        }
    }

    @Test
    void scramUsersSignInAndOthersAreRefusedInOneLine() throws Exception {
        BrokerSettings settings = BrokerSettings.TEMPORARY
                .listening(SecurityProtocol.SASL_PLAINTEXT)
                .withScramUser("alice", "secret")
                .with("sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .with(
                        "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            String servers = broker.bootstrapServers(SecurityProtocol.SASL_PLAINTEXT);
            produce(scramClient(servers, "secret"), new SampleStream(4), 1, 10);
            assertEquals(
                    10,
                    Received.all(client(broker.bootstrapServers()), "images").size());
            try (Topics topics = new Topics(scramClient(servers, "guess"), PATIENCE)) {
                BrokerException refusal = assertThrows(BrokerException.class, () -> topics.require("images"));
                assertMessage(refusal, "refuses the user or password");
                assertFalse(String.valueOf(refusal.getMessage()).contains("guess"));
            }
        }
    }

    private static void produce(Map<String, String> client, SampleStream stream, int partitions, int count)
            throws Exception {
        try (Topics topics = new Topics(client, PATIENCE);
                ImageProducer producer = new ImageProducer(client, "images", PATIENCE)) {
            topics.createExactly("images", partitions, Map.of());
            ImageSource source = ImageSource.samples(stream, 0);
            assertEquals(count, producer.send(source, count, ImageProducer.UNLIMITED, acknowledged -> {}));
            assertEquals(count, producer.acknowledged());
        }
    }

    private static Map<String, String> client(String servers) {
        return Map.of("bootstrap.servers", servers);
    }

    private static Map<String, String> scramClient(String servers, String password) {
        return Map.of(
                "bootstrap.servers",
                servers,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"alice\" password=\"%s\";"
                        .formatted(password));
    }

    private static String header(ConsumerRecord<byte[], byte[]> found, String name) {
        var header = found.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private static void assertMessage(BrokerException e, String part) {
        String message = e.getMessage();
        assertNotNull(message);
        assertTrue(message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }
}
