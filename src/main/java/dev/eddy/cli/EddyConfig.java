package dev.eddy.cli;

import dev.eddy.image.Geometry;
import dev.eddy.image.ImageFormat;
import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import dev.eddy.registry.RegistryDecoder;
import dev.eddy.registry.RegistryUrl;
import dev.eddy.stream.RecordDecoder;
import dev.eddy.stream.Role;
import dev.eddy.stream.StreamSettings;
import dev.eddy.stream.SyncSettings;
import dev.eddy.stream.TopicNames;
import dev.eddy.sync.OuterOptimizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * One checked configuration: Eddy's own keys with their types, ranges and defaults, and whatever else was given, which
 * passes through to Kafka Streams as it is. Immutable.
 */
public final class EddyConfig {

    /** Kafka Streams' {@code application.id} when none is given. */
    static final String DEFAULT_APPLICATION_ID = "eddy";

    private final Map<String, String> given;
    private final ConfigValues values;
    private final Map<String, String> others;

    /**
     * Checks every value.
     *
     * @throws ConfigurationException at the first key whose value is not of its type or range
     */
    public EddyConfig(Map<String, String> given) {
        this.given = Map.copyOf(given);
        this.values = new ConfigValues(given);
        others = new TreeMap<>(given);
        others.keySet().removeAll(values.keys());
        others.putIfAbsent(StreamsConfig.APPLICATION_ID_CONFIG, DEFAULT_APPLICATION_ID);
        checkBatches();
        checkAnomalies();
        checkSchemas();
        checkGuarantee();
        checkTopics();
    }

    private void checkBatches() {
        if (integer("batch.size") % integer("vae.batch.size") != 0) {
            throw new ConfigurationException("vae.batch.size = " + integer("vae.batch.size")
                    + ": must divide batch.size, which is " + integer("batch.size"));
        }
    }

    private void checkAnomalies() {
        if (values.real("anomaly.alpha") * (integer("anomaly.window") + 1) < 1) {
            throw new ConfigurationException("anomaly.window = " + integer("anomaly.window")
                    + ": too short for anomaly.alpha = " + values.real("anomaly.alpha") + ", which needs "
                    + (int) Math.ceil(1 / values.real("anomaly.alpha") - 1) + " or more");
        }
        if (integer("anomaly.neighbours") > integer("anomaly.reference.window")) {
            throw new ConfigurationException("anomaly.neighbours = " + integer("anomaly.neighbours")
                    + ": more than anomaly.reference.window = " + integer("anomaly.reference.window")
                    + " holds; lower the one or raise the other");
        }
    }

    private void checkSchemas() {
        if (!text("schema.registry.url").isEmpty() && format() != ImageFormat.AVRO) {
            throw new ConfigurationException(
                    "schema.registry.url = " + RegistryUrl.withoutUser(text("schema.registry.url"))
                            + ": only image.format = avro has schemas; leave one out or change the other");
        }
    }

    private void checkGuarantee() {
        if (integer("sync.every.steps") > 0
                && StreamsConfig.AT_LEAST_ONCE.equals(others.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))) {
            throw new ConfigurationException("sync.every.steps = " + integer("sync.every.steps")
                    + ": needs processing.guarantee = " + StreamsConfig.EXACTLY_ONCE_V2
                    + ", for what arrives from other partitions cannot be read again");
        }
    }

    /** A topic that is read and written feeds on itself, and one of two kinds of records can be read by nobody. */
    private void checkTopics() {
        Map<String, String> keys = new HashMap<>();
        for (String key : List.of(
                "input.topic",
                "scores.topic",
                "anomalies.topic",
                "samples.topic",
                "models.topic",
                "dead.letter.topic")) {
            String other = keys.putIfAbsent(text(key).strip(), key);
            if (other != null) {
                throw new ConfigurationException(
                        key + " = " + text(key).strip() + ": is " + other + " as well; name another");
            }
        }
    }

    /** What the fold is a function of. */
    public LearnerConfig learner() {
        return new LearnerConfig(
                number("seed"),
                geometry(),
                integer("batch.size"),
                integer("train.max.discarded.updates"),
                vae(),
                gan(),
                anomaly(),
                integer("sync.every.steps"));
    }

    /** The shape of the images. */
    public Geometry geometry() {
        return new Geometry(integer("image.width"), integer("image.height"), integer("image.channels"));
    }

    private VaeConfig vae() {
        return new VaeConfig(
                flag("train") && flag("vae.train"),
                values.widths("vae.encoder"),
                integer("vae.latent"),
                values.widths("vae.decoder"),
                integer("vae.batch.size"),
                values.real("vae.learning.rate"),
                integer("vae.kl.warmup.steps"),
                values.real("vae.ema.decay"),
                flag("vae.data.initialisation"),
                integer("vae.replay.updates"),
                integer("vae.replay.capacity"));
    }

    private GanConfig gan() {
        return new GanConfig(
                flag("train") && flag("gan.train"),
                integer("gan.noise"),
                values.widths("gan.generator"),
                values.widths("gan.discriminator"),
                GanConfig.Loss.valueOf(text("gan.loss").toUpperCase(Locale.ROOT)),
                values.real("gan.gamma"),
                values.real("gan.learning.rate"),
                values.real("gan.beta1"),
                values.real("gan.ema.decay"),
                values.real("gan.leak"),
                flag("gan.data.initialisation"),
                integer("gan.replay.updates"));
    }

    private AnomalyConfig anomaly() {
        return new AnomalyConfig(
                values.real("anomaly.alpha"),
                integer("anomaly.window"),
                integer("anomaly.reference.window"),
                integer("anomaly.refresh.steps"),
                values.real("anomaly.shrinkage"),
                flag("anomaly.robust"),
                integer("anomaly.neighbours"),
                flag("anomaly.gate"),
                values.real("anomaly.gate.quantile"),
                values.real("anomaly.drift.run.length"));
    }

    /** Where the HTTP endpoints listen. */
    ListenAddress httpListen() {
        ListenAddress address = ListenAddress.parse(text("http.listen"));
        if (address == null) {
            throw new IllegalStateException("checked before");
        }
        return address;
    }

    /** The format of the records' values. */
    public ImageFormat format() {
        return ImageFormat.named(text("image.format"));
    }

    /** What turns records into images; asks no registry yet. */
    private RecordDecoder decoder() {
        String registry = text("schema.registry.url");
        return registry.isEmpty()
                ? RecordDecoder.of(format(), geometry())
                : new RegistryDecoder(registry, forRegistry(others), geometry());
    }

    /** The keys of Apicurio's client among others. */
    static Map<String, String> forRegistry(Map<String, String> all) {
        Map<String, String> found = new TreeMap<>(all);
        found.keySet().removeIf(key -> !key.startsWith("apicurio."));
        return found;
    }

    /**
     * All that the learner on the stream is configured by.
     *
     * @throws ConfigurationException if no broker is named
     */
    public StreamSettings stream() {
        Map<String, Object> kafka = new HashMap<>(others);
        kafka.keySet().removeAll(forRegistry(others).keySet());
        kafka.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        return new StreamSettings(
                Role.LEARN,
                new TopicNames(
                        text("input.topic"),
                        text("scores.topic"),
                        text("anomalies.topic"),
                        text("samples.topic"),
                        text("models.topic").strip(),
                        text("dead.letter.topic")),
                flag("topics.create"),
                integer("topics.partitions"),
                learner(),
                decoder(),
                text("label.header"),
                number("score.linger.ms"),
                integer("snapshot.every.steps"),
                StreamSettings.DEFAULT_SNAPSHOT_IDLE_MILLIS,
                StreamSettings.DEFAULT_SNAPSHOT_CHUNK_BYTES,
                integer("samples.every.steps"),
                StreamSettings.DEFAULT_SAMPLES_COUNT,
                sync(),
                Version.line(),
                kafka);
    }

    private SyncSettings sync() {
        return new SyncSettings(
                new OuterOptimizer(values.real("sync.outer.learning.rate"), values.real("sync.outer.momentum")),
                values.real("sync.quorum"),
                number("sync.timeout.ms"));
    }

    /** Kafka Streams' {@code application.id}. */
    public String applicationId() {
        return others.getOrDefault(StreamsConfig.APPLICATION_ID_CONFIG, DEFAULT_APPLICATION_ID);
    }

    /** Whether a key was given, and not left at its default. */
    boolean sets(String key) {
        return given.containsKey(key);
    }

    /** The same configuration with some keys set otherwise. */
    EddyConfig with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(given);
        all.putAll(more);
        return new EddyConfig(all);
    }

    /**
     * The brokers to begin with.
     *
     * @throws ConfigurationException if none is configured
     */
    public String bootstrapServers() {
        String servers = others.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
        if (servers == null || servers.isBlank()) {
            throw new ConfigurationException("bootstrap.servers is missing: name a broker with it in the file, or with"
                    + " --set bootstrap.servers=HOST:PORT");
        }
        return servers.strip();
    }

    /** The value of one of Eddy's keys of type string. */
    public String text(String key) {
        return values.text(key);
    }

    /** The value of one of Eddy's keys of type int. */
    int integer(String key) {
        return values.integer(key);
    }

    /** The value of one of Eddy's keys of type long. */
    long number(String key) {
        return values.number(key);
    }

    /** The value of one of Eddy's keys of type boolean. */
    boolean flag(String key) {
        return values.flag(key);
    }
}
