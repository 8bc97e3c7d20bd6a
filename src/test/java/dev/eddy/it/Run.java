package dev.eddy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.cli.EddyConfig;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker and instances of the learner in processes of their own, a feed, and guarantees that hold whatever is done to
 * the processes. Everything waits for progress, which must come within {@link #PATIENCE}. Used by one thread.
 */
final class Run implements AutoCloseable {

    /** Longest time without any new output. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Small models that are real otherwise, snapshots every few seconds, and a group that soon misses a member. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("application.id", "chaos"),
            Map.entry("http.listen", "127.0.0.1:0"),
            Map.entry("vae.encoder", "128,64"),
            Map.entry("vae.decoder", "64,128"),
            Map.entry("gan.generator", "64,128"),
            Map.entry("gan.discriminator", "128,64"),
            Map.entry("snapshot.every.steps", "10"),
            Map.entry("samples.every.steps", "20"),
            Map.entry("session.timeout.ms", "6000"),
            Map.entry("heartbeat.interval.ms", "1000"),
            Map.entry("transaction.timeout.ms", "6000"));

    private static final int PARTITIONS = 2;
    private static final long BACKLOG = 800;

    /** What a scenario does. */
    interface Script {
        void play(Run run) throws Exception;
    }

    private final Path folder;
    private final Path config;
    private final long total;
    private final SplittableRandom random;
    private final BrokerProcess broker;
    private final UninterruptedRun uninterrupted;
    private final List<Guarantee> guarantees;
    private final Feed feed;
    private final Outputs outputs;
    private final List<Instance> instances = new ArrayList<>();
    private int kills;

    private Run(Path folder, long total, long seed, boolean exactlyOnce, Map<String, String> more) throws Exception {
        this.folder = folder;
        this.total = total;
        this.random = new SplittableRandom(seed);
        this.broker = BrokerProcess.start(folder);
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("processing.guarantee", exactlyOnce ? "exactly_once_v2" : "at_least_once");
        more.forEach((key, value) -> {
            if (value.isEmpty()) {
                settings.remove(key);
            } else {
                settings.put(key, value);
            }
        });
        this.config = folder.resolve("eddy.properties");
        write(settings, config);
        createInput();
        uninterrupted = new UninterruptedRun(new EddyConfig(settings).learner(), PARTITIONS);
        guarantees =
                new ArrayList<>(List.of(new NoLoss(), new SameValue(uninterrupted), new SameWeights(uninterrupted)));
        if (exactlyOnce) {
            guarantees.add(new NoDuplicate());
        }
        feed = new Feed(broker.bootstrapServers(), "images", PARTITIONS, seed, exactlyOnce);
        outputs = new Outputs(broker.bootstrapServers(), PARTITIONS, guarantees);
    }

    /**
     * Plays a scenario, lets the stream come to its end, and checks the guarantees.
     *
     * @param name for the summary
     * @param total records to send, all partitions together
     * @param more settings beyond the usual ones; an empty value takes one away
     */
    static void play(
            String name,
            Path folder,
            long total,
            long seed,
            boolean exactlyOnce,
            Map<String, String> more,
            Script script)
            throws Exception {
        long start = System.nanoTime();
        Run run = new Run(folder, total, seed, exactlyOnce, more);
        try (run) {
            script.play(run);
            run.finish();
            System.out.printf(
                    "%s: seed %d, %d kills, %d records, %d scores, %d dead letters, models %s, %d s%n",
                    name,
                    seed,
                    run.kills,
                    run.feed.sent(),
                    run.outputs.scoresSeen(),
                    run.outputs.lettersSeen(),
                    run.uninterrupted.models(),
                    (System.nanoTime() - start) / 1_000_000_000);
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    "seed " + seed + " (-Deddy.chaos.seed=" + seed + "), after " + run.kills + " kills, "
                            + run.feed.sent() + " records and " + run.outputs.scoresSeen() + " scores: "
                            + e.getMessage() + run.tails(),
                    e);
        }
    }

    private static void write(Map<String, String> settings, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    private void createInput() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("images", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    BrokerProcess broker() {
        return broker;
    }

    /** For the scenario's own choices. */
    SplittableRandom random() {
        return random;
    }

    /** Starts one more instance. */
    Instance start() throws IOException {
        Instance instance = Instance.start(folder, config);
        instances.add(instance);
        return instance;
    }

    /** Kills an instance. */
    void kill(Instance instance) {
        instance.process().kill();
        instances.remove(instance);
        kills++;
    }

    /** Kills the broker and starts it again. */
    void killBroker() throws IOException {
        broker.killAndRestart();
        kills++;
    }

    /** Lets an instance end as SIGTERM does. */
    void terminate(Instance instance) {
        int code = instance.terminate();
        if (code != 0) {
            throw new AssertionError("exit code " + code + " after SIGTERM");
        }
        instances.remove(instance);
    }

    /** Waits until a part of the stream has been scored, whether committed or not. */
    void awaitProgress(long records) throws Exception {
        until(records + " records scored", () -> outputs.progress() >= records);
    }

    /**
     * Waits for a random moment, so that {@code steps} such waits, this one included, are spread over what is left of
     * the stream.
     */
    void awaitMoment(int steps) throws Exception {
        double share = 2 * random.nextDouble() / (steps + 1);
        long now = outputs.progress();
        awaitProgress(now + Math.max(1, (long) (share * (0.9 * total - now))));
    }

    /** Sends and reads until a condition holds. */
    private void until(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (feed.sent() < total && feed.valid() - outputs.scoresSeen() < BACKLOG) {
                for (Sent sent : feed.burst(total - feed.sent())) {
                    uninterrupted.add(sent);
                    guarantees.forEach(guarantee -> guarantee.produced(sent));
                }
            }
            if (outputs.poll()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            instances.forEach(instance -> {
                if (!instance.process().isAlive()) {
                    throw new AssertionError("an instance has ended by itself");
                }
            });
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": nothing new for " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private void finish() throws Exception {
        until(
                "all records scored",
                () -> feed.sent() >= total
                        && outputs.scoresSeen() >= feed.valid()
                        && outputs.lettersSeen() >= feed.sent() - feed.valid());
        for (Instance instance : List.copyOf(instances)) {
            terminate(instance);
        }
        until("the end of the outputs", outputs::areAtEnd);
        List<Model> models = models();
        guarantees.forEach(guarantee -> guarantee.learned(models));
        guarantees.forEach(Guarantee::check);
    }

    private List<Model> models() throws IOException {
        try (JarProcess command =
                JarProcess.start(folder, "512m", List.of("models", "--config", config.toString(), "--json"))) {
            if (command.exitCode() != 0) {
                throw new AssertionError("models" + command.tail());
            }
            List<Model> models = new ArrayList<>();
            for (JsonNode model : new ObjectMapper().readTree(command.out()).required("partitions")) {
                models.add(new Model(
                        model.required("partition").asInt(),
                        model.required("step").asLong(),
                        model.required("nextOffset").asLong(),
                        model.required("sha256").asText()));
            }
            return models;
        }
    }

    private String tails() {
        StringBuilder tails = new StringBuilder(broker.tail());
        instances.forEach(instance -> tails.append(instance.process().tail()));
        return tails.toString();
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        outputs.close();
        feed.close();
        uninterrupted.close();
        broker.close();
    }
}
