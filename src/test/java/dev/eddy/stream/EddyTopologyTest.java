package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.image.ImageFormat;
import dev.eddy.image.ImageGrid;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.ModelLog;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EddyTopologyTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SplittableRandom random = new SplittableRandom(1);
    private TopologyRun run;
    private long nextOffset;

    @BeforeEach
    void start() {
        start(1_000_000);
    }

    private void start(long limitBytes) {
        run = new TopologyRun(RecordDecoder.of(ImageFormat.RAW, Tiny.GEOMETRY), limitBytes);
    }

    @AfterEach
    void stop() {
        run.close();
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return run.output(topic);
    }

    private void pipe(byte @Nullable [] key, byte @Nullable [] value) {
        pipe(new TestRecord<>(key, value, new RecordHeaders().add("camera", new byte[] {7}), TopologyRun.START));
    }

    private void pipe(TestRecord<byte[], byte[]> record) {
        nextOffset++;
        run.pipe(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String header(TestRecord<byte[], byte[]> record, String key) {
        Header header = record.headers().lastHeader(key);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    void everyValidRecordHasOneScoreWithItsKeyItsHeadersAndTheFoldsValue() throws IOException {
        List<Score> expected = new ArrayList<>();
        try (Reference reference = new Reference(run.settings.learner(), 0)) {
            for (int i = 0; i < 10 * Tiny.BATCH; i++) {
                byte[] pixels = Tiny.image(random);
                reference.add(nextOffset, pixels);
                pipe(bytes("key " + i), pixels);
            }
            expected.addAll(reference.scores().values());
        }
        List<TestRecord<byte[], byte[]>> scores = output("scores").readRecordsToList();
        assertEquals(expected.size(), scores.size());
        for (int i = 0; i < expected.size(); i++) {
            TestRecord<byte[], byte[]> record = scores.get(i);
            JsonNode json = JSON.readTree(record.value());
            Score score = expected.get(i);
            assertArrayEquals(bytes("key " + i), record.key());
            assertArrayEquals(
                    new byte[] {7}, record.headers().lastHeader("camera").value());
            assertEquals(TopologyRun.START, record.getRecordTime());
            assertEquals("images", json.get("topic").asText());
            assertEquals(0, json.get("partition").asInt());
            assertEquals(i, json.get("offset").asLong());
            assertEquals(TopologyRun.START.toEpochMilli(), json.get("timestamp").asLong());
            assertEquals(score.score(), json.get("score").asDouble());
            assertEquals(
                    score.reconstructionError(), json.get("reconstructionError").asDouble());
            assertEquals(score.kl(), json.get("kl").asDouble());
            assertEquals(score.rapp(), json.get("rapp").asDouble());
            assertEquals(score.pValue(), json.get("pValue").asDouble());
            assertEquals(score.anomaly(), json.get("anomaly").asBoolean());
            assertEquals(score.warming(), json.get("warming").asBoolean());
            assertEquals(i / Tiny.BATCH, json.get("step").asLong());
        }
    }

    @Test
    void aRecordThatWaitsForItsBatchIsScoredAfterTheLingerAndOnlyOnce() {
        pipe(bytes("a"), Tiny.image(random));
        assertTrue(output("scores").isEmpty());
        run.driver.advanceWallClockTime(
                Duration.ofMillis(run.settings.lingerMillis() + LearnerProcessor.tickMillis(run.settings)));
        run.driver.advanceWallClockTime(
                Duration.ofMillis(run.settings.lingerMillis() + LearnerProcessor.tickMillis(run.settings)));
        assertEquals(1, output("scores").readRecordsToList().size());
        for (int i = 1; i < Tiny.BATCH; i++) {
            pipe(bytes("b"), Tiny.image(random));
        }
        assertEquals(Tiny.BATCH - 1, output("scores").readRecordsToList().size());
    }

    @Test
    void whatDoesNotDecodeIsDeadLetteredUntouchedAndChangesNothingElse() {
        List<byte @Nullable []> bad = Arrays.asList(new byte[0], new byte[] {1, 2, 3}, new byte[17], null);
        for (int i = 0; i < Tiny.BATCH; i++) {
            pipe(i % 2 == 0 ? null : bytes("bad"), bad.get(i));
            pipe(bytes("good"), Tiny.image(random));
        }
        List<TestRecord<byte[], byte[]>> letters = output("dead-letters").readRecordsToList();
        assertEquals(bad.size(), letters.size());
        for (int i = 0; i < bad.size(); i++) {
            TestRecord<byte[], byte[]> letter = letters.get(i);
            assertArrayEquals(bad.get(i), letter.value());
            assertArrayEquals(i % 2 == 0 ? null : bytes("bad"), letter.key());
            assertArrayEquals(
                    new byte[] {7}, letter.headers().lastHeader("camera").value());
            assertEquals(Long.toString(2L * i), header(letter, "__streams.errors.offset"));
            assertEquals("images", header(letter, "__streams.errors.topic"));
            assertFalse(header(letter, "__streams.errors.message").isEmpty());
            assertFalse(header(letter, "__streams.errors.stacktrace").contains("at dev.eddy"));
        }
        assertEquals(Tiny.BATCH, output("scores").readRecordsToList().size());
        assertTrue(run.telemetry.scrape().contains("eddy_records_dead_lettered_total{topic=\"images\"} 4.0"));
        assertTrue(
                run.telemetry.scrape().contains("eddy_records_received_total{partition=\"0\",topic=\"images\"} 4.0"));
    }

    @Test
    void whatTheLimitLetsInButNotOutLeavesOutTheLargestPart() {
        run.close();
        start(1_000);
        byte[] tooLarge = new byte[5_000];
        pipe(bytes("bad"), tooLarge);
        TestRecord<byte[], byte[]> letter = output("dead-letters").readRecord();
        assertNull(letter.value());
        assertArrayEquals(bytes("bad"), letter.key());
        assertTrue(header(letter, MessageLimit.OMITTED).startsWith("value 5000 bytes"));

        pipe(new TestRecord<>(
                bytes("k"), Tiny.image(random), new RecordHeaders().add("blob", tooLarge), TopologyRun.START));
        run.driver.advanceWallClockTime(Duration.ofSeconds(1));
        TestRecord<byte[], byte[]> score = output("scores").readRecord();
        assertArrayEquals(bytes("k"), score.key());
        assertNull(score.headers().lastHeader("blob"));
        assertTrue(header(score, MessageLimit.OMITTED).startsWith("headers "));
    }

    @Test
    void samplesOfBothModelsArePublishedAsPictureAndRaw() {
        for (int i = 0; i < run.settings.samplesEverySteps() * Tiny.BATCH; i++) {
            pipe(null, Tiny.image(random));
        }
        List<TestRecord<byte[], byte[]>> samples = output("samples").readRecordsToList();
        assertEquals(4, samples.size());
        for (int i = 0; i < samples.size(); i++) {
            TestRecord<byte[], byte[]> sample = samples.get(i);
            String kind = i < 2 ? "vae" : "gan";
            assertArrayEquals(bytes(kind), sample.key());
            assertEquals(kind, header(sample, "eddy-kind"));
            assertEquals(Integer.toString(run.settings.samplesEverySteps()), header(sample, "eddy-step"));
            if (i % 2 == 0) {
                assertEquals("png", header(sample, "eddy-format"));
                assertEquals((byte) 0x89, sample.value()[0]);
            } else {
                assertEquals("raw", header(sample, "eddy-format"));
                assertEquals("4,4,4,1", header(sample, "eddy-shape"));
                assertEquals(4 * 16, sample.value().length);
            }
        }
    }

    @Test
    void flaggedRecordsArePublishedWithAPicture() throws IOException {
        for (int i = 0; i < 100 * Tiny.BATCH; i++) {
            pipe(bytes("key " + i), Tiny.image(random));
        }
        List<Long> flagged = new ArrayList<>();
        for (TestRecord<byte[], byte[]> score : output("scores").readRecordsToList()) {
            JsonNode json = JSON.readTree(score.value());
            if (json.get("anomaly").asBoolean()) {
                flagged.add(json.get("offset").asLong());
            }
        }
        List<TestRecord<byte[], byte[]>> anomalies = output("anomalies").readRecordsToList();
        assertFalse(anomalies.isEmpty());
        assertEquals(
                flagged,
                anomalies.stream()
                        .map(a -> Long.parseLong(header(a, "eddy-offset")))
                        .toList());
        TestRecord<byte[], byte[]> first = anomalies.get(0);
        assertArrayEquals(bytes("key " + flagged.get(0)), first.key());
        assertEquals("images", header(first, "eddy-topic"));
        assertEquals("0", header(first, "eddy-partition"));
        assertEquals(Long.toString(flagged.get(0) / Tiny.BATCH), header(first, "eddy-step"));
        assertTrue(Double.isFinite(Double.parseDouble(header(first, "eddy-score"))));
        assertArrayEquals(new byte[] {7}, first.headers().lastHeader("camera").value());
        int scale = ImageGrid.viewableScale(Tiny.GEOMETRY);
        BufferedImage png = ImageIO.read(new ByteArrayInputStream(first.value()));
        assertEquals(3 * 4 * scale + 2 * 2, png.getWidth(), "input, reconstruction, error map");
        assertEquals(4 * scale, png.getHeight());
        assertTrue(Double.parseDouble(header(first, "eddy-p-value"))
                <= run.settings.learner().anomaly().alpha());
    }

    @Test
    void aPictureOverTheLimitIsMadeSmallerNotLeftOut() {
        run.close();
        start(1_200);
        for (int i = 0; i < 100 * Tiny.BATCH; i++) {
            pipe(null, Tiny.image(random));
        }
        List<TestRecord<byte[], byte[]>> scores = output("scores").readRecordsToList();
        long flagged = scores.stream()
                .filter(score -> new String(score.value(), StandardCharsets.UTF_8).contains("\"anomaly\":true"))
                .count();
        assertTrue(flagged > 0);
        assertEquals(flagged, output("anomalies").readRecordsToList().size());
    }

    @Test
    void scoresAreCountedByTheLabelOfTheRecord() {
        for (int i = 0; i < 2 * Tiny.BATCH; i++) {
            RecordHeaders headers = new RecordHeaders();
            if (i % 2 == 0) {
                headers.add("label", bytes(i % 4 == 0 ? "shoe" : "bag"));
            }
            pipe(new TestRecord<>(null, Tiny.image(random), headers, TopologyRun.START));
        }
        assertTrue(run.telemetry.scrape().contains("eddy_label_scored_total{label=\"bag\"} 2.0"));
        assertTrue(run.telemetry.scrape().contains("eddy_label_scored_total{label=\"shoe\"} 2.0"));
        assertTrue(run.telemetry.scrape().contains("eddy_label_anomalous_total{label=\"shoe\"} 0.0"));
        TestRecord<byte[], byte[]> score = output("scores").readRecord();
        assertEquals("shoe", header(score, "label"));
    }

    @Test
    void anIdlePartitionIsSnapshotAndThenNothingTicks() throws InterruptedException {
        for (int i = 0; i < Tiny.BATCH; i++) {
            pipe(null, Tiny.image(random));
        }
        PartitionLearner learner = run.partitions.all().iterator().next();
        assertTrue(learner.isBusy());
        run.driver.advanceWallClockTime(Duration.ofMillis(run.settings.snapshotIdleMillis() + 1_000));
        assertFalse(learner.isBusy());
        assertTrue(run.partitions.snapshotAll(0));
        assertTrue(run.driver.getKeyValueStore(LearnerStore.NAME).get("slot-0/manifest") != null);
    }

    @Test
    void withEverySnapshotTheModelIsPublishedWhole() {
        int steps = 17; // snapshots at 5, 10 and 15
        for (int i = 0; i < steps * Tiny.BATCH; i++) {
            pipe(null, Tiny.image(random));
        }
        ModelLog published = new ModelLog();
        List<Long> versions = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : output("models").readRecordsToList()) {
            published
                    .accept(new String(record.key(), StandardCharsets.UTF_8), record.value())
                    .ifPresent(version -> versions.add(version.header().step()));
        }
        assertEquals(List.of(5L, 10L, 15L), versions);
        KeyValueStore<String, byte[]> store = run.driver.getKeyValueStore(LearnerStore.NAME);
        SnapshotHeader snapshot =
                new SnapshotStore(LearnerStore.bytes(store), 256).newest().orElseThrow();
        assertEquals(snapshot, published.of("images", 0).orElseThrow().header());
    }
}
