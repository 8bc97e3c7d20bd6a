package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaPropertiesTest {

    /** The expected level is what Kafka Streams gives the topology, which is not always what was asked for. */
    @ParameterizedTest
    @CsvSource({
        "exactly_once_v2, , , read_committed",
        "exactly_once_v2, isolation.level, read_uncommitted, read_committed",
        "exactly_once_v2, main.consumer.isolation.level, read_uncommitted, read_uncommitted",
        "exactly_once_v2, restore.consumer.isolation.level, read_uncommitted, read_committed",
        "at_least_once, , , read_uncommitted",
        "at_least_once, isolation.level, read_committed, read_committed",
        "at_least_once, consumer.isolation.level, read_committed, read_committed",
        "at_least_once, main.consumer.isolation.level, read_committed, read_committed",
        "at_least_once, restore.consumer.isolation.level, read_committed, read_uncommitted"
    })
    void theReplaySeesWhatTheTopologySees(
            String guarantee, @Nullable String key, @Nullable String asked, String expected) {
        Map<String, Object> kafka = new HashMap<>(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, "eddy",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9092",
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee));
        if (key != null && asked != null) {
            kafka.put(key, asked);
        }
        StreamsConfig config = new StreamsConfig(KafkaProperties.of(Tiny.settings(Tiny.learner(1), kafka)));
        Map<String, Object> topology = config.getMainConsumerConfigs("eddy", "eddy-1-consumer", 1);
        Map<String, Object> replay = KafkaProperties.replay(config, "eddy", 3);
        assertEquals(
                expected,
                topology.getOrDefault(ConsumerConfig.ISOLATION_LEVEL_CONFIG, ConsumerConfig.DEFAULT_ISOLATION_LEVEL));
        assertEquals(expected, replay.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
        assertEquals("none", replay.get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG));
    }
}
