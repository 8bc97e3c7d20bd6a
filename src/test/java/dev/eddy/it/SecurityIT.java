package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that requires TLS and SCRAM: the learner works with it, and tells in one line why it does not. */
class SecurityIT {

    private static final String PASSWORD = "correct-horse";
    private static final String WRONG_PASSWORD = "battery-staple";
    private static final String STORE_PASSWORD = "tr0ub4dor";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final int RECORDS = 200;

    @TempDir
    private static Path folder;

    private static Certificates broker;
    private static Certificates other;
    private static EmbeddedBroker kafka;

    @BeforeAll
    static void start() throws Exception {
        broker = Certificates.create(folder, "broker", STORE_PASSWORD);
        other = Certificates.create(folder, "other", STORE_PASSWORD);
        kafka = EmbeddedBroker.start(BrokerSettings.TEMPORARY
                .listening(SecurityProtocol.SASL_SSL)
                .withScramUser("eddy", PASSWORD)
                .with("sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .with("listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config", SCRAM + ";")
                .with("ssl.keystore.type", "PKCS12")
                .with("ssl.keystore.location", broker.keystore().toString())
                .with("ssl.keystore.password", broker.password()));
        Map<String, Object> plain = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(plain);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(plain, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic("images", 1, (short) 1)))
                    .all()
                    .get();
            SampleStream pictures = new SampleStream(4);
            for (int i = 0; i < RECORDS; i++) {
                var unused = producer.send(
                        new ProducerRecord<>("images", pictures.get(i).image().pixels()));
            }
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void withTlsAndScramItRuns() throws Exception {
        Path config = config("runs", PASSWORD, broker, "SASL_SSL");
        AtomicInteger scores = new AtomicInteger();
        try (Instance instance = Instance.start(folder, config, "--verbose");
                TopicReader reader =
                        new TopicReader(kafka.bootstrapServers(), "scores", 1, IsolationLevel.READ_COMMITTED)) {
            Await.until("scores", JarProcess.PATIENCE, instance.process()::tail, () -> {
                scores.addAndGet(reader.poll(Duration.ofMillis(100), score -> {}));
                return scores.get() >= RECORDS;
            });
            String served = instance.get("/metrics") + instance.get("/") + instance.get("/api/live");
            assertEquals(0, instance.terminate(), instance.process().tail());
            assertNoSecret(instance.process(), served);
        }
        assertEquals(RECORDS, scores.get());
        try (JarProcess models = command("models", config)) {
            assertEquals(0, models.exitCode(), models.tail());
            assertNoSecret(models, "");
        }
    }

    @Test
    void aWrongPasswordIsOneLine() throws Exception {
        Path config = config("wrong-password", WRONG_PASSWORD, broker, "SASL_SSL");
        assertRefused("run", config, "credentials");
        assertRefused("models", config, "credentials");
        try (JarProcess verbose = command("run", config, "--verbose")) {
            assertEquals(1, verbose.exitCode(), verbose.tail());
            assertNoSecret(verbose, "");
        }
    }

    @Test
    void anUntrustedCertificateIsOneLine() throws Exception {
        Path config = config("untrusted", PASSWORD, other, "SASL_SSL");
        assertRefused("run", config, "truststore");
        assertRefused("models", config, "truststore");
    }

    @Test
    void aProtocolThatTheBrokerDoesNotSpeakIsOneLine() throws Exception {
        for (String protocol : List.of("PLAINTEXT", "SASL_PLAINTEXT")) {
            Path config = config("plain", PASSWORD, broker, protocol);
            String remedy = " speaks TLS, security.protocol is " + protocol + ": set it to SSL or SASL_SSL";
            assertRefused("run", config, remedy);
            assertRefused("models", config, remedy);
        }
    }

    /** What is wrong with a setting of the client's own, which no broker sees. */
    @Test
    void aSettingThatCannotBeUsedIsOneLine() throws Exception {
        Map<String, String> wrong = Map.of(
                "ssl.truststore.password",
                WRONG_PASSWORD,
                "ssl.truststore.location",
                folder.resolve("missing.p12").toString(),
                "sasl.jaas.config",
                SCRAM + " username=\"eddy\" password=\"" + PASSWORD + "\"");
        for (Map.Entry<String, String> setting : wrong.entrySet()) {
            Path config = config("unusable", PASSWORD, broker, "SASL_SSL", setting);
            assertRefused("run", config, "check the settings sasl.* and ssl.*");
            assertRefused("models", config, "check the settings sasl.* and ssl.*");
        }
    }

    /** The library that reads the command line warns of a quotation mark without its pair. */
    @Test
    void aPasswordOnTheCommandLineIsNotShown() throws Exception {
        Path config = config("unusable", PASSWORD, broker, "SASL_SSL");
        String broken = "sasl.jaas.config=" + SCRAM + " password=\"" + PASSWORD + "\"x\";";
        try (JarProcess command = command("models", config, "--set", broken)) {
            assertEquals(1, command.exitCode(), command.tail());
            assertNoSecret(command, "");
        }
    }

    private static void assertRefused(String name, Path config, String remedy) throws Exception {
        try (JarProcess command = command(name, config)) {
            assertEquals(1, command.exitCode(), command.tail());
            assertEquals("", command.out().replaceAll("Eddy's page: .*\\R", ""));
            assertEquals(1, command.err().lines().count(), command.err());
            assertTrue(command.err().contains(kafka.bootstrapServers(SecurityProtocol.SASL_SSL)), command.err());
            assertTrue(command.err().contains(remedy), command.err());
            assertNoSecret(command, "");
        }
    }

    private static JarProcess command(String name, Path config, String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(name, "--config", config.toString()));
        arguments.addAll(List.of(more));
        return JarProcess.start(folder, List.of("-Xmx512m"), arguments);
    }

    private static void assertNoSecret(JarProcess process, String served) {
        for (String secret : List.of(PASSWORD, WRONG_PASSWORD, STORE_PASSWORD)) {
            for (String text : List.of(process.out(), process.err(), served)) {
                int at = text.indexOf(secret);
                assertFalse(at >= 0, () -> "a password is shown: " + text.substring(Math.max(0, at - 100), at));
            }
        }
    }

    @SafeVarargs
    private static Path config(
            String name, String password, Certificates trusted, String protocol, Map.Entry<String, String>... others)
            throws Exception {
        Map<String, String> settings = new HashMap<>(Settings.SMALL);
        settings.put("application.id", name);
        settings.put("bootstrap.servers", kafka.bootstrapServers(SecurityProtocol.SASL_SSL));
        settings.put("security.protocol", protocol);
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put("sasl.jaas.config", SCRAM + " username=\"eddy\" password=\"" + password + "\";");
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", trusted.truststore().toString());
        settings.put("ssl.truststore.password", trusted.password());
        for (Map.Entry<String, String> other : others) {
            settings.put(other.getKey(), other.getValue());
        }
        return Settings.write(folder, settings);
    }
}
