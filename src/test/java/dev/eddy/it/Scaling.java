package dev.eddy.it;

import dev.eddy.local.SampleStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What it costs that four partitions learn one model, with one instance and with two, each a process of its own beside a
 * broker on the same machine, as a Markdown table on standard output; after {@code mvn -DskipTests verify}:
 *
 * <pre>
 * java -cp 'target/test-classes:target/classes:target/lib/*' dev.eddy.it.Scaling [--records N] [--every H] [--kills N] \
 *     [--set KEY=VALUE]...
 * </pre>
 *
 * Throughput is that of a backlog of N records, models of the default configuration: all of it is sent at once to
 * instances that are at work, and is in the topic before the clock starts, which is when 5 % of the scores or more have
 * been read and no more are there to be read. The scores after those count, over the time to the last. Synchronisation
 * is the bytes of contributions and global weights by the learners' own meters, over all records. Then pictures come
 * steadily, one of two instances is killed, and the time counts from there to the next committed score of a partition
 * that it had; the group misses a member after 6 s. Without kills this part is left out.
 */
final class Scaling {

    private static final int PARTITIONS = 4;
    private static final int STEADY_MILLIS = 20;
    private static final String INPUT = "images";

    private int records = 24_000;
    private int every = 25;
    private int kills = 3;
    private final Map<String, String> set = new HashMap<>();

    private Scaling() {}

    public static void main(String[] arguments) throws Exception {
        Scaling scaling = new Scaling();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--records" -> scaling.records = Integer.parseInt(value);
                case "--every" -> scaling.every = Integer.parseInt(value);
                case "--kills" -> scaling.kills = Integer.parseInt(value);
                case "--set" ->
                    scaling.set.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        System.out.println("| instances | learn | records/s | synchronisation, bytes/record | rounds |");
        System.out.println("|---|---|---|---|---|");
        for (int instances = 1; instances <= 2; instances++) {
            scaling.throughput(instances, 0);
            scaling.throughput(instances, scaling.every);
        }
        if (scaling.kills == 0) {
            return;
        }
        System.out.println();
        System.out.println("| standby | seconds from the kill to the next score of its partitions, each kill |");
        System.out.println("|---|---|");
        scaling.takeover(0);
        scaling.takeover(1);
    }

    private Path settings(Path folder, String bootstrapServers, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "application.id", "scaling",
                "bootstrap.servers", bootstrapServers,
                "http.listen", "127.0.0.1:0",
                "session.timeout.ms", "6000",
                "heartbeat.interval.ms", "1000",
                "transaction.timeout.ms", "20000"));
        settings.putAll(more);
        settings.putAll(set);
        return Settings.write(folder, settings);
    }

    private static void createInput(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(INPUT, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<Instance> start(int count, Path folder, Path config) throws Exception {
        List<Instance> instances = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            instances.add(Instance.start(folder, List.of("-Xmx1200m"), config));
        }
        for (Instance instance : instances) {
            instance.awaitPartition();
        }
        return instances;
    }

    private void throughput(int count, int everySteps) throws Exception {
        Path folder = Files.createTempDirectory("scaling");
        List<Instance> instances = List.of();
        try (BrokerProcess broker = BrokerProcess.start(folder);
                KafkaProducer<byte[], byte[]> producer = producer(broker.bootstrapServers())) {
            String servers = broker.bootstrapServers();
            createInput(servers);
            Path config = settings(folder, servers, Map.of("sync.every.steps", Integer.toString(everySteps)));
            List<ProducerRecord<byte[], byte[]>> backlog = backlog();
            send(producer, backlog.subList(0, PARTITIONS)); // so that every partition is at work before the rest comes
            instances = start(count, folder, config);
            send(producer, backlog.subList(PARTITIONS, records));
            double recordsPerSecond = recordsPerSecond(servers);
            long contributed = 0;
            long sent = 0;
            long rounds = 0;
            for (Instance instance : instances) {
                contributed += instance.metric("eddy_sync_contributed_bytes_total");
                sent += instance.metric("eddy_aggregator_sent_bytes_total");
                rounds += instance.metric("eddy_aggregator_round");
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %s | %.0f | %.0f | %d |%n",
                    count,
                    everySteps == 0 ? "by themselves" : "one model, every " + everySteps + " steps",
                    recordsPerSecond,
                    (double) (contributed + sent) / records,
                    rounds);
        } finally {
            instances.forEach(Instance::close);
        }
    }

    private List<ProducerRecord<byte[], byte[]>> backlog() {
        SampleStream pictures = new SampleStream(7);
        List<ProducerRecord<byte[], byte[]>> backlog = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            byte[] pixels = pictures.get(i).image().pixels();
            backlog.add(new ProducerRecord<>(INPUT, i % PARTITIONS, null, pixels));
        }
        return backlog;
    }

    /** Returns when they are in the topic. */
    private static void send(KafkaProducer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> backlog) {
        for (ProducerRecord<byte[], byte[]> record : backlog) {
            var unused = producer.send(record);
        }
        producer.flush();
    }

    /**
     * Of the records whose scores are not there yet when 5 % of all are. Scores appear with their commit, hundreds at a
     * time: the clock starts between two commits, with all read that is there, and the last score ends it.
     */
    private double recordsPerSecond(String servers) {
        long[] seen = new long[1];
        try (TopicReader scores = new TopicReader(servers, "scores", PARTITIONS, IsolationLevel.READ_COMMITTED)) {
            int read;
            do {
                read = scores.poll(Duration.ofMillis(20), score -> seen[0]++);
            } while (seen[0] < records / 20 || read > 0);
            long start = System.nanoTime();
            long before = seen[0];
            while (seen[0] < records) {
                scores.poll(Duration.ofMillis(20), score -> seen[0]++);
            }
            return (records - before) / ((System.nanoTime() - start) / 1e9);
        }
    }

    private void takeover(int standbys) throws Exception {
        Path folder = Files.createTempDirectory("scaling");
        List<Instance> instances = new ArrayList<>();
        try (BrokerProcess broker = BrokerProcess.start(folder);
                KafkaProducer<byte[], byte[]> producer = producer(broker.bootstrapServers());
                TopicReader scores = new TopicReader(
                        broker.bootstrapServers(), "scores", PARTITIONS, IsolationLevel.READ_COMMITTED)) {
            String servers = broker.bootstrapServers();
            createInput(servers);
            Path config = settings(
                    folder,
                    servers,
                    Map.of(
                            "sync.every.steps",
                            Integer.toString(every),
                            "num.standby.replicas",
                            Integer.toString(standbys)));
            Steady steady = new Steady(producer, scores);
            steady.turn(); // so that every partition has something to begin with
            instances.addAll(start(2, folder, config));
            steady.run(20_000);
            List<String> seconds = new ArrayList<>();
            for (int kill = 0; kill < kills; kill++) {
                Instance victim = instances.remove(0);
                List<Integer> had = partitionsOf(victim);
                victim.process().kill();
                long killed = System.nanoTime();
                double waited = steady.untilScoreOf(had, killed);
                seconds.add(String.format(Locale.ROOT, "%.1f", waited));
                instances.addAll(start(1, folder, config));
                steady.run(20_000);
            }
            System.out.println("| " + (standbys == 0 ? "none" : standbys) + " | " + String.join(", ", seconds) + " |");
        } finally {
            instances.forEach(Instance::close);
        }
    }

    /** The partitions that an instance works on. */
    private static List<Integer> partitionsOf(Instance instance) throws Exception {
        List<Integer> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String labels = "partition=\"" + partition + "\"";
            if (instance.metric("eddy_partition_state", labels, "state=\"TRAINING\"") == 1) {
                partitions.add(partition);
            }
        }
        return partitions;
    }

    /** Pictures that come one after the other, to all partitions in turn; reads the scores meanwhile. */
    private static final class Steady {

        private final KafkaProducer<byte[], byte[]> producer;
        private final TopicReader scores;
        private final SampleStream pictures = new SampleStream(8);
        private final Map<Integer, Long> sentAtKill = new HashMap<>();
        private final Map<Integer, Long> sent = new HashMap<>();
        private long next;

        Steady(KafkaProducer<byte[], byte[]> producer, TopicReader scores) {
            this.producer = producer;
            this.scores = scores;
        }

        private List<ConsumerRecord<byte[], byte[]>> turn() {
            for (int i = 0; i < PARTITIONS; i++) {
                int partition = (int) (next++ % PARTITIONS);
                sent.merge(partition, 1L, Long::sum);
                var unused = producer.send(new ProducerRecord<>(
                        INPUT, partition, null, pictures.get(next).image().pixels()));
            }
            List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
            scores.poll(Duration.ofMillis(STEADY_MILLIS), read::add);
            return read;
        }

        void run(long millis) {
            for (long end = System.nanoTime() + millis * 1_000_000; System.nanoTime() < end; ) {
                turn();
            }
        }

        /** Seconds from {@code since} to the first score of a record of those partitions that was sent after it. */
        double untilScoreOf(List<Integer> partitions, long since) {
            sentAtKill.clear();
            sentAtKill.putAll(sent);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : turn()) {
                    Scored scored = Outputs.scored(record);
                    if (partitions.contains(scored.partition())
                            && scored.offset() >= sentAtKill.getOrDefault(scored.partition(), 0L)) {
                        return (System.nanoTime() - since) / 1e9;
                    }
                }
            }
        }
    }
}
