package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EddyConfigTest {

    @Test
    void nothingGivenIsTheRecipe() {
        assertEquals(
                new LearnerConfig(
                        42,
                        new Geometry(28, 28, 1),
                        64,
                        10,
                        new VaeConfig(
                                true, List.of(256, 128), 16, List.of(128, 256), 32, 2e-3, 500, 0.999, true, 1, 10_000),
                        new GanConfig(
                                true,
                                64,
                                List.of(256, 512),
                                List.of(512, 256),
                                GanConfig.Loss.RELATIVISTIC,
                                0.5,
                                1e-3,
                                0,
                                0.999,
                                0.2,
                                true,
                                1),
                        new AnomalyConfig(0.01, 1000, 2048, 16, 0.05, true, 5, true, 0.9, 1e6)),
                new EddyConfig(Map.of()).learner());
    }

    @Test
    void classicIsTheTextbook() {
        assertEquals(
                new LearnerConfig(
                        42,
                        new Geometry(28, 28, 1),
                        128,
                        10,
                        new VaeConfig(true, List.of(256, 128), 32, List.of(128), 128, 1e-3, 0, 0, false, 1, 10_000),
                        new GanConfig(
                                true,
                                100,
                                List.of(256, 512, 1024),
                                List.of(512, 256),
                                GanConfig.Loss.NON_SATURATING,
                                0.5,
                                2e-4,
                                0.5,
                                0,
                                0.2,
                                false,
                                1),
                        new AnomalyConfig(0.01, 1000, 2048, 16, 0.05, false, 0, false, 0.9, 1e6)),
                new EddyConfig(Map.of("preset", "classic")).learner());
    }

    @Test
    void anExplicitKeyGoesBeforeThePreset() {
        LearnerConfig learner =
                new EddyConfig(Map.of("preset", "classic", "vae.latent", "8", "gan.generator", "32, 64")).learner();
        assertEquals(8, learner.vae().latent());
        assertEquals(List.of(32, 64), learner.gan().generator());
        assertEquals(List.of(128), learner.vae().decoder());
    }

    @ParameterizedTest
    @CsvSource({"64,32", "32,32", "48,24", "50,25", "7,7", "67,1", "16,16"})
    void theVaeBatchDividesTheBatchByDefault(String batch, int vaeBatch) {
        assertEquals(
                vaeBatch,
                new EddyConfig(Map.of("batch.size", batch)).learner().vae().batchSize());
    }

    @Test
    void anExplicitVaeBatchMustDivideTheBatch() {
        assertEquals(
                "vae.batch.size = 24: must divide batch.size, which is 64", messageOf(Map.of("vae.batch.size", "24")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch.size | lots | a whole number, 2 to 4096",
                "batch.size | 1 | a whole number, 2 to 4096",
                "image.channels | 2 | a whole number, 1 or 3",
                "seed | 1e3 | a whole number, of 64 bits",
                "anomaly.alpha | 0 | a number, over 0 to under 1",
                "anomaly.alpha | NaN | a number, over 0 to under 1",
                "vae.learning.rate | Infinity | a number, over 0 to 1",
                "vae.ema.decay | 1 | a number, 0 to under 1",
                "vae.encoder | 256,0 | 1 to 8 widths of 1 to 16384, with commas",
                "vae.encoder | wide | 1 to 8 widths of 1 to 16384, with commas",
                "vae.encoder | '' | 1 to 8 widths of 1 to 16384, with commas",
                "image.format | gif | raw, png, jpeg, json, avro or auto",
                "preset | modern | default or classic",
                "gan.loss | hinge | relativistic or non_saturating",
                "gan.replay.updates | 0 | a whole number, 1 to 64",
                "train | maybe | true or false",
                "http.listen | 8080 | HOST:PORT, port 0 to 65535",
                "http.listen | localhost:65536 | HOST:PORT, port 0 to 65535",
                "input.topic | a topic | a topic's name (letters, digits, '.', '_', '-')",
                "sync.every.steps | -1 | a whole number, 0 to 1000000",
            })
    void aBadValueIsNamedWithItsKeyAndRange(String key, String value, String range) {
        assertEquals(key + " = " + value + ": must be " + range, messageOf(Map.of(key, value)));
    }

    @Test
    void aWindowThatCannotShowAlphaIsRefused() {
        assertEquals(
                "anomaly.window = 98: too short for anomaly.alpha = 0.01, which needs 99 or more",
                messageOf(Map.of("anomaly.window", "98")));
        assertEquals(
                99,
                new EddyConfig(Map.of("anomaly.window", "99"))
                        .learner()
                        .anomaly()
                        .window());
    }

    @Test
    void moreNeighboursThanTheReferenceHoldsAreRefused() {
        assertEquals(
                "anomaly.neighbours = 17: more than anomaly.reference.window = 16 holds; lower the one or raise the"
                        + " other",
                messageOf(Map.of("anomaly.neighbours", "17", "anomaly.reference.window", "16")));
        assertEquals(
                16,
                new EddyConfig(Map.of("anomaly.neighbours", "16", "anomaly.reference.window", "16"))
                        .learner()
                        .anomaly()
                        .neighbours());
    }

    @Test
    void oneModelNeedsTransactions() {
        Map<String, String> atLeastOnce = Map.of("sync.every.steps", "10", "processing.guarantee", "at_least_once");
        assertEquals(
                "sync.every.steps = 10: needs processing.guarantee = exactly_once_v2, for what arrives from other"
                        + " partitions cannot be read again",
                messageOf(atLeastOnce));
        assertEquals(
                10, new EddyConfig(Map.of("sync.every.steps", "10")).learner().syncEverySteps());
    }

    @Test
    void trainGoesForBothModels() {
        LearnerConfig none = new EddyConfig(Map.of("train", "false")).learner();
        assertFalse(none.vae().train() || none.gan().train());
        LearnerConfig one = new EddyConfig(Map.of("gan.train", "false")).learner();
        assertTrue(one.vae().train() && !one.gan().train());
    }

    @Test
    void allElseIsForKafkaStreams() {
        Map<String, Object> streams = new EddyConfig(Map.of(
                        "bootstrap.servers", "broker:9092",
                        "consumer.max.poll.records", "100",
                        "security.protocol", "SSL",
                        "num.stream.threads", "2",
                        "batch.size", "32",
                        "seed", "7"))
                .stream().kafka();
        assertEquals(
                Map.of(
                        "application.id", "eddy",
                        "bootstrap.servers", "broker:9092",
                        "consumer.max.poll.records", "100",
                        "security.protocol", "SSL",
                        "num.stream.threads", "2"),
                streams);
    }

    @Test
    void aMissingBrokerIsNamedWithTheRemedy() {
        EddyConfig config = new EddyConfig(Map.of());
        assertEquals(
                "bootstrap.servers is missing: name a broker with it in the file, or with"
                        + " --set bootstrap.servers=HOST:PORT",
                assertThrows(ConfigurationException.class, config::bootstrapServers)
                        .getMessage());
        assertEquals("a:1", new EddyConfig(Map.of("bootstrap.servers", " a:1 ")).bootstrapServers());
    }

    @Test
    void nothingButTheSeedChangesTheLearner() {
        LearnerConfig plain = new EddyConfig(Map.of()).learner();
        assertEquals(
                plain,
                new EddyConfig(Map.of("application.id", "other", "input.topic", "pictures", "num.stream.threads", "3"))
                        .learner());
        assertFalse(plain.equals(new EddyConfig(Map.of("seed", "43")).learner()));
    }

    @Test
    void theListenAddressIsRead() {
        assertEquals(new ListenAddress("127.0.0.1", 8080), new EddyConfig(Map.of()).httpListen());
        assertEquals(new ListenAddress("::1", 0), new EddyConfig(Map.of("http.listen", "[::1]:0")).httpListen());
    }

    @Test
    void aKeyThatLooksLikeOneOfOursIsPointedOut() {
        assertEquals(
                List.of("batchsize is no key of Eddy or Kafka and is ignored; did you mean batch.size?"),
                KeyHints.warnings(Set.of("batchsize", "batch.size", "bootstrap.servers")));
        assertEquals(
                List.of("vae.latnet is no key of Eddy or Kafka and is ignored; did you mean vae.latent?"),
                KeyHints.warnings(Set.of("vae.latnet")));
        assertEquals(
                List.of("gan.momentum is no key of Eddy and is ignored; the README lists them"),
                KeyHints.warnings(Set.of("gan.momentum")));
    }

    @Test
    void keysOfKafkaAndOfOthersAreLeftAlone() {
        assertEquals(
                List.of(),
                KeyHints.warnings(Set.of(
                        "client.id",
                        "consumer.max.poll.records",
                        "producer.batch.size",
                        "security.protocol",
                        "sasl.jaas.config",
                        "my.interceptor.url",
                        "state.dir")));
    }

    @Test
    void twoKindsOfRecordsDoNotShareATopic() {
        assertEquals(
                "dead.letter.topic = loop: is input.topic as well; name another",
                messageOf(Map.of("input.topic", "loop", "dead.letter.topic", " loop")));
        assertEquals(
                "anomalies.topic = scores: is scores.topic as well; name another",
                messageOf(Map.of("anomalies.topic", "scores")));
    }

    private static String messageOf(Map<String, String> given) {
        return String.valueOf(assertThrows(ConfigurationException.class, () -> new EddyConfig(given))
                .getMessage());
    }
}
