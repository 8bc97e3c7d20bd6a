package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncTopologyTest {

    private static final int EVERY = 2;
    private static final Instant START = Instant.ofEpochMilli(1_000_000);

    private final Telemetry telemetry = new Telemetry("test");
    private final MemoryLog log = new MemoryLog();
    private final SplittableRandom random = new SplittableRandom(1);
    private Topology topology;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> images;

    @BeforeEach
    void start() {
        start(1);
    }

    private void start(int partitions) {
        StreamSettings settings = Tiny.settings(
                Tiny.learner(7).synchronised(EVERY),
                Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        "test",
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "localhost:1",
                        StreamsConfig.STATE_DIR_CONFIG,
                        System.getProperty("java.io.tmpdir")));
        MessageLimit limit = new MessageLimit(1_000_000);
        Properties properties = new Properties();
        properties.putAll(KafkaProperties.of(settings));
        properties.put(DeadLetterHandler.TELEMETRY, telemetry);
        properties.put(DeadLetterHandler.LIMIT, limit);
        topology = EddyTopology.build(
                settings,
                new EddyTopology.Surroundings(
                        partition -> log.connect(new SplittableRandom(partition)),
                        Models.NONE,
                        limit,
                        partitions,
                        telemetry,
                        new LivePartitions()));
        driver = new TopologyTestDriver(topology, properties, START);
        images = driver.createInputTopic(
                settings.topics().input(), new ByteArraySerializer(), new ByteArraySerializer(), START, Duration.ZERO);
    }

    @AfterEach
    void stop() {
        driver.close();
        telemetry.close();
    }

    private void pipe(int count) {
        for (int i = 0; i < count; i++) {
            byte[] image = Tiny.image(random);
            log.append(image);
            images.pipeInput(image);
        }
    }

    @Test
    void whatAPartitionContributesComesBackToItAsGlobalWeights() {
        pipe(20 * EVERY * Tiny.BATCH);
        String scrape = telemetry.scrape();
        for (String line : new String[] {
            "eddy_sync_round{partition=\"0\",topic=\"images\"} 20.0",
            "eddy_sync_contributions_total{partition=\"0\",topic=\"images\"} 20.0",
            "eddy_aggregator_round{topic=\"images\"} 20.0",
            "eddy_aggregator_contributions_total{outcome=\"counted\",topic=\"images\"} 20.0",
            "eddy_aggregator_contributors{topic=\"images\"} 0.0"
        }) {
            assertTrue(scrape.contains(line), line);
        }
        assertEquals(
                20 * EVERY * Tiny.BATCH,
                driver.createOutputTopic("scores", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readRecordsToList()
                        .size());
    }

    @Test
    void aRoundEndsWithoutThosePartitionsThatHaveNoTraffic() {
        driver.close();
        start(2);
        pipe(EVERY * Tiny.BATCH);
        assertTrue(telemetry.scrape().contains("eddy_aggregator_contributors{topic=\"images\"} 1.0"));
        driver.advanceWallClockTime(Duration.ofMillis(Tiny.SYNC.timeoutMillis() + 1_000));
        String scrape = telemetry.scrape();
        assertTrue(scrape.contains("eddy_aggregator_round{topic=\"images\"} 1.0"));
        assertTrue(scrape.contains("eddy_aggregator_timeouts_total{topic=\"images\"} 1.0"));
        assertTrue(scrape.contains("eddy_sync_round{partition=\"0\",topic=\"images\"} 1.0"));
        pipe(EVERY * Tiny.BATCH);
        assertTrue(telemetry.scrape().contains("eddy_aggregator_round{topic=\"images\"} 2.0"), "nobody else is missed");
    }

    @Test
    void theAggregatorIsATaskOfItsOwn() {
        assertEquals(2, topology.describe().subtopologies().size());
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            boolean learns = part.nodes().stream().anyMatch(node -> node.name().equals(EddyTopology.LEARNER));
            boolean aggregates =
                    part.nodes().stream().anyMatch(node -> node.name().equals(EddyTopology.AGGREGATOR));
            assertTrue(learns ^ aggregates);
            assertEquals(learns ? 0 : 1, part.id());
        }
    }
}
