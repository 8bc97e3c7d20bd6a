package dev.eddy.it;

import dev.eddy.cli.EddyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/**
 * A broker and instances of the learner in processes of their own, a feed, and guarantees that hold whatever is done to
 * the processes. Everything waits for progress, which must come within {@link #PATIENCE}. Used by one thread.
 */
final class Run implements AutoCloseable {

    /** Longest time without any new output. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    static final String INPUT = "images";
    static final int PARTITIONS = 2;
    private static final long BACKLOG = 800;
    private static final Duration REST = Duration.ofSeconds(2);

    private final Path folder;
    private final Path config;
    private final String applicationId;
    private final long total;
    private final long seed;
    private final SplittableRandom random;
    private final BrokerProcess broker;
    private final UninterruptedRun uninterrupted;
    private final List<Guarantee> guarantees;
    private final Feed feed;
    private final Outputs outputs;
    private final List<Sent> all = new ArrayList<>();
    private final List<Sent> lost = new ArrayList<>();
    private final List<Instance> instances = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private int kills;

    private Run(Scenario scenario) throws Exception {
        this.folder = scenario.folder();
        this.total = scenario.records();
        this.seed = scenario.seed();
        this.random = new SplittableRandom(seed);
        this.broker = BrokerProcess.start(folder);
        Map<String, String> settings = new HashMap<>(scenario.settings());
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("processing.guarantee", scenario.exactlyOnce() ? "exactly_once_v2" : "at_least_once");
        this.applicationId = settings.get("application.id");
        this.config = Settings.write(folder, settings);
        createInput();
        uninterrupted = new UninterruptedRun(new EddyConfig(settings).learner(), PARTITIONS);
        guarantees = new ArrayList<>(scenario.guarantees().apply(uninterrupted));
        if (scenario.oneModel() != null) {
            OneModel oneModel =
                    new OneModel(folder, broker.bootstrapServers(), applicationId, new EddyConfig(settings).stream());
            guarantees.add(oneModel);
            scenario.oneModel().accept(oneModel);
        }
        feed = new Feed(broker.bootstrapServers(), INPUT, PARTITIONS, seed, scenario.exactlyOnce());
        outputs = new Outputs(broker.bootstrapServers(), PARTITIONS, guarantees);
    }

    /** Starts the broker; there is no instance yet. */
    static Run start(Scenario scenario) throws Exception {
        return new Run(scenario);
    }

    /** What has happened, in a line. */
    String summary() {
        return "seed %d, %d kills, %d records (%d lost), %d scores, %d dead letters, %d s; undisturbed models %s"
                .formatted(
                        seed,
                        kills,
                        feed.sent(),
                        lost.size(),
                        outputs.scoresSeen(),
                        outputs.deadLettered(),
                        (System.nanoTime() - startNanos) / 1_000_000_000,
                        uninterrupted.models());
    }

    private void createInput() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(INPUT, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    BrokerProcess broker() {
        return broker;
    }

    /** For the script's own choices. */
    SplittableRandom random() {
        return random;
    }

    String applicationId() {
        return applicationId;
    }

    /** Starts one more instance. */
    Instance start(String... more) throws IOException {
        Instance instance = Instance.start(folder, config, more);
        instances.add(instance);
        return instance;
    }

    /** Starts an instance that may end by itself; the caller closes it. */
    Instance startBeside(String... more) throws IOException {
        return Instance.start(folder, config, more);
    }

    /** Kills an instance. */
    void kill(Instance instance) {
        instance.process().kill();
        instances.remove(instance);
        kills++;
    }

    /** Sends further records, however many wait already. */
    void send(long records) throws Exception {
        for (long goal = feed.sent() + records; feed.sent() < goal; ) {
            burst();
        }
    }

    /** Sends and reads until so much more of the stream has been scored, whether committed or not. */
    void awaitMore(long records) throws Exception {
        awaitProgress(outputs.progress() + records);
    }

    /**
     * Deletes the records of a partition before an offset. Those that have no score or dead letter then are lost; all
     * instances must be down.
     */
    void delete(int partition, long before) throws Exception {
        until("the end of the outputs", outputs::areAtEnd);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteRecords(Map.of(new TopicPartition(INPUT, partition), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
        for (Sent sent : all) {
            if (sent.partition() == partition && sent.offset() < before && !outputs.has(sent)) {
                lost.add(sent);
                guarantees.forEach(guarantee -> guarantee.lost(sent));
            }
        }
    }

    /** Kills the broker and starts it again. */
    void killBroker() throws IOException {
        broker.kill();
        broker.restart();
        kills++;
    }

    /** Lets an instance end as SIGTERM does, its last snapshots written. */
    void terminate(Instance instance) {
        check(instance.terminate(), 0);
        instances.remove(instance);
    }

    /** The same whatever it is about: on a busy machine it may give up the last snapshots, and says so. */
    void terminateAtWork(Instance instance) {
        int code = instance.terminate();
        check(code, instance.lines("the next start replays") > 0 ? 1 : 0);
        instances.remove(instance);
    }

    private static void check(int code, int expected) {
        if (code != expected) {
            throw new AssertionError("exit code " + code + " instead of " + expected + " after SIGTERM");
        }
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
        awaitProgress(Math.min(total, now + Math.max(1, (long) (share * (0.9 * total - now)))));
    }

    private void burst() throws Exception {
        for (Sent sent : feed.burst(total - feed.sent())) {
            all.add(sent);
            uninterrupted.add(sent);
            guarantees.forEach(guarantee -> guarantee.produced(sent));
        }
    }

    /** Sends and reads until a condition holds. */
    private void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (feed.sent() < total && feed.valid() - outputs.scored() < BACKLOG) {
                burst();
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

    /** Sends and reads until every record has its score or dead letter. */
    void awaitEnd() throws Exception {
        until("all records scored", this::isAtEnd);
    }

    private boolean isAtEnd() {
        return feed.sent() >= total && outputs.scored() + outputs.deadLettered() + lost.size() >= feed.sent();
    }

    /** Waits until a round has some contributions and not all, or the stream ends: whether it was the former. */
    boolean awaitOpenRound() throws Exception {
        until("an open round", () -> contributors() > 0 || isAtEnd());
        return !isAtEnd();
    }

    /** Waits until no round is open and all partitions are at the same one, and have been for a while. */
    void awaitRounds() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long since = System.nanoTime();
        while (System.nanoTime() - since < REST.toNanos()) {
            if (!roundsAreOver()) {
                since = System.nanoTime();
            }
            if (since > deadline) {
                throw new AssertionError("rounds do not come to an end");
            }
            outputs.poll();
        }
    }

    private boolean roundsAreOver() throws Exception {
        long closed = 0;
        long sum = 0;
        for (Instance instance : instances) {
            closed += instance.metric("eddy_aggregator_round");
            sum += instance.metric("eddy_sync_round");
        }
        return closed > 0 && contributors() == 0 && sum == closed * PARTITIONS;
    }

    /** How many have contributed to the open round. */
    private long contributors() throws Exception {
        long sum = 0;
        for (Instance instance : instances) {
            sum += instance.metric("eddy_aggregator_contributors");
        }
        return sum;
    }

    /** Lets the stream come to its end, ends the instances in good order, and checks the guarantees. */
    void finish() throws Exception {
        awaitEnd();
        for (Instance instance : List.copyOf(instances)) {
            terminate(instance);
        }
        until("the end of the outputs", outputs::areAtEnd);
        List<Model> models = models();
        guarantees.forEach(guarantee -> guarantee.learned(models));
        guarantees.forEach(Guarantee::check);
    }

    /** What {@code models --json} says. */
    List<Model> models() throws IOException {
        return Model.read(folder, config);
    }

    /** The last lines of all processes. */
    String tails() {
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
