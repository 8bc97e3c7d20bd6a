package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.cli.EddyConfig;
import dev.eddy.image.Image;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageFormat;
import dev.eddy.image.PngWriter;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records that are no image, among images, with keys and headers of every kind: they are dead-lettered untouched and
 * counted, and the scores are those of a stream without them. {@code -Deddy.chaos=long} sends 100,000 of them in a row.
 */
class PoisonIT {

    private static final int FLOOD = "long".equals(System.getProperty("eddy.chaos")) ? 100_000 : 10_000;
    private static final String DEAD_LETTERED = "eddy_records_dead_lettered_total";

    @TempDir
    private Path folder;

    private final Poison poison = new Poison();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    @Test
    void badRecordsAreDeadLetteredUntouchedAndGoodOnesScored() throws Exception {
        Map<String, String> settings = new HashMap<>(Settings.SMALL);
        settings.put("application.id", "poison");
        settings.put("image.format", "auto");
        for (byte[] bad : poison.badValues()) {
            add(bad);
            add(poison.picture());
        }
        for (int i = 0; i < FLOOD; i++) {
            add(poison.rubbish());
        }
        for (int i = 0; i < 200; i++) {
            add(i % 2 == 0 ? poison.picture() : PngWriter.png(new Image(poison.geometry(), poison.picture())));
        }
        add(Bombs.png(9_000, 9_000)); // as large as is allowed, and black
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            settings.put("bootstrap.servers", broker.bootstrapServers());
            createInput(broker);
            produce(broker);
            check(broker, settings);
        }
    }

    @Test
    void whatCameInCompressedAndCannotGoOutIsNamedAndTheStreamGoesOn() throws Exception {
        Map<String, String> settings = new HashMap<>(Settings.SMALL);
        settings.put("application.id", "large");
        byte[] large = new byte[5 << 20];
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            settings.put("bootstrap.servers", broker.bootstrapServers());
            createInput(broker);
            records.add(new ProducerRecord<>("images", 0, poison.bytes(3), large));
            records.add(new ProducerRecord<>("images", 0, large, poison.picture()));
            records.add(new ProducerRecord<>(
                    "images", 0, null, poison.bytes(3), poison.picture(), Poison.headers("blob", large)));
            produce(broker);
            try (Instance instance = Instance.start(folder, Settings.write(folder, settings));
                    TopicReader scores = reader(broker, "scores");
                    TopicReader letters = reader(broker, "dead-letters")) {
                ConsumerRecord<byte[], byte[]> letter =
                        read(letters, 1, instance).get(0);
                assertNull(letter.value());
                assertArrayEquals(records.get(0).key(), letter.key());
                assertTrue(Outputs.header(letter, "eddy-omitted").startsWith("value 5242880 bytes"));
                List<ConsumerRecord<byte[], byte[]>> scored = read(scores, 2, instance);
                assertEquals(1, Outputs.scored(scored.get(0)).offset());
                assertNull(scored.get(0).key());
                assertTrue(Outputs.header(scored.get(0), "eddy-omitted").startsWith("key 5242880 bytes"));
                assertEquals(2, Outputs.scored(scored.get(1)).offset());
                assertArrayEquals(records.get(2).key(), scored.get(1).key());
                assertNull(scored.get(1).headers().lastHeader("blob"));
                assertEquals(0, instance.terminate(), instance.process().tail());
            }
        }
    }

    private void add(byte @Nullable [] value) {
        records.add(new ProducerRecord<>("images", 0, null, poison.key(), value, poison.headers()));
    }

    private static void createInput(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("images", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Sends all records in their order, compressed; offset i has record i. */
    private void produce(EmbeddedBroker broker) throws Exception {
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "gzip",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                16 << 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] tooLarge = poison.bytes(Poison.MESSAGE_LIMIT);
            ExecutionException refusal =
                    assertThrows(ExecutionException.class, () -> producer.send(new ProducerRecord<>("images", tooLarge))
                            .get());
            assertInstanceOf(RecordTooLargeException.class, refusal.getCause());
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            records.forEach(record -> answers.add(producer.send(record)));
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i, answers.get(i).get().offset());
            }
        }
    }

    private void check(EmbeddedBroker broker, Map<String, String> settings) throws Exception {
        EddyConfig config = new EddyConfig(settings);
        ImageDecoder decoder = ImageFormat.AUTO.decoder(poison.geometry());
        List<Integer> good = new ArrayList<>();
        List<Integer> bad = new ArrayList<>();
        try (UninterruptedRun uninterrupted = new UninterruptedRun(config.learner(), 1);
                Instance instance = Instance.start(folder, Settings.write(folder, settings));
                TopicReader scores = reader(broker, "scores");
                TopicReader letters = reader(broker, "dead-letters")) {
            for (int i = 0; i < records.size(); i++) {
                byte[] pixels = decoded(decoder, records.get(i).value());
                (pixels == null ? bad : good).add(i);
                uninterrupted.add(new Sent(0, i, null, pixels, pixels != null));
            }
            assertEquals(poison.badValues().size() + FLOOD, bad.size());

            List<ConsumerRecord<byte[], byte[]>> scored = read(scores, good.size(), instance);
            for (int i = 0; i < good.size(); i++) {
                Scored score = Outputs.scored(scored.get(i));
                ProducerRecord<byte[], byte[]> record = records.get(good.get(i));
                assertEquals(good.get(i).longValue(), score.offset());
                assertEquals(uninterrupted.score(new Place(0, score.offset())), score.score());
                assertArrayEquals(record.key(), score.key());
                assertArrayEquals(
                        record.headers().toArray(), scored.get(i).headers().toArray());
            }
            List<ConsumerRecord<byte[], byte[]>> dead = read(letters, bad.size(), instance);
            for (int i = 0; i < bad.size(); i++) {
                assertUntouched(bad.get(i), dead.get(i));
            }
            assertEquals(bad.size(), instance.metric(DEAD_LETTERED));
            assertEquals(good.size(), instance.metric("eddy_records_received_total"));
            assertEquals(good.size(), instance.metric("eddy_records_scored_total"));
            instance.awaitCountersAgree();
            assertEquals(0, instance.terminate(), instance.process().tail());
            assertTrue(scores.isAtEnd() && letters.isAtEnd());
            String log = instance.process().err();
            assertTrue(log.contains("records dead-lettered, the last one images-0"), log);
            assertTrue(log.length() < 100_000, "a flood of bad records floods the log: " + log.length());
        }
        System.out.printf("poison: %d bad records, %d good ones%n", bad.size(), good.size());
    }

    private static byte @Nullable [] decoded(ImageDecoder decoder, byte @Nullable [] value) {
        try {
            return value == null ? null : decoder.decode(value).pixels();
        } catch (RuntimeException e) {
            return null;
        }
    }

    private void assertUntouched(int offset, ConsumerRecord<byte[], byte[]> letter) {
        ProducerRecord<byte[], byte[]> record = records.get(offset);
        assertArrayEquals(record.key(), letter.key());
        assertArrayEquals(record.value(), letter.value());
        Header[] before = record.headers().toArray();
        Header[] after = letter.headers().toArray();
        assertArrayEquals(before, Arrays.copyOf(after, before.length));
        assertEquals("images", Outputs.header(letter, "__streams.errors.topic"));
        assertEquals("0", Outputs.header(letter, "__streams.errors.partition"));
        assertEquals(Integer.toString(offset), Outputs.header(letter, "__streams.errors.offset"));
        assertFalse(Outputs.header(letter, "__streams.errors.exception").isEmpty());
        assertFalse(Outputs.header(letter, "__streams.errors.message").isEmpty());
        assertNotNull(letter.headers().lastHeader("__streams.errors.stacktrace"));
        assertEquals(before.length + 6, after.length);
    }

    private static TopicReader reader(EmbeddedBroker broker, String topic) {
        return new TopicReader(broker.bootstrapServers(), topic, 1, IsolationLevel.READ_COMMITTED);
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(TopicReader reader, int count, Instance instance) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        Await.until(
                count + " records",
                JarProcess.PATIENCE,
                () -> ", but " + read.size() + instance.process().tail(),
                () -> {
                    reader.poll(Duration.ofMillis(100), read::add);
                    return read.size() >= count;
                });
        assertEquals(count, read.size());
        return read;
    }
}
