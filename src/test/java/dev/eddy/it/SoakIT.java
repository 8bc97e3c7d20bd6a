package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eddy.local.SampleStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A learner of very small models works through 1,000,000 records, or {@code -Deddy.soak.records=N}, as fast as it can:
 * once warm, its resident memory does not grow, nor do its threads or file handles. Its heap is taken up from the
 * beginning, so that what grows is off-heap; a leak on the heap would end it.
 */
@EnabledIfSystemProperty(named = "eddy.soak", matches = "true", disabledReason = "takes long: -Deddy.soak=true")
class SoakIT {

    private static final long RECORDS = Long.getLong("eddy.soak.records", 1_000_000);
    private static final int FOOTPRINTS = 100;
    private static final int WARM = 30; // footprints
    private static final long BACKLOG = 20_000;
    private static final double MOST_GROWTH_MEGABYTES = 24; // from warm to the end, less than a tenth of the process

    private static final Map<String, String> TINY = Map.ofEntries(
            Map.entry("application.id", "soak"),
            Map.entry("http.listen", "127.0.0.1:0"),
            Map.entry("batch.size", "256"),
            Map.entry("vae.batch.size", "256"),
            Map.entry("vae.encoder", "32"),
            Map.entry("vae.latent", "8"),
            Map.entry("vae.decoder", "32"),
            Map.entry("gan.generator", "32"),
            Map.entry("gan.discriminator", "32"),
            Map.entry("anomaly.reference.window", "256"),
            Map.entry("snapshot.every.steps", "50"));

    @TempDir
    private Path folder;

    private final SampleStream pictures = new SampleStream(5);

    @Test
    void memoryThreadsAndFilesStayAsTheyAre() throws Exception {
        assumeTrue(Footprint.canBeTaken(), "needs /proc");
        long start = System.nanoTime();
        List<Footprint> taken;
        try (BrokerProcess broker = BrokerProcess.start(folder)) {
            Map<String, String> settings = new HashMap<>(TINY);
            settings.put("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("images", 1, (short) 1)))
                        .all()
                        .get();
            }
            List<String> options = List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch");
            try (Instance instance = Instance.start(folder, options, Settings.write(folder, settings))) {
                taken = stream(broker.bootstrapServers(), instance);
                assertEquals(0, instance.terminate(), instance.process().tail());
            }
        }
        List<Footprint> warm = taken.subList(WARM, taken.size());
        double slope = Footprint.slope(warm);
        System.out.printf(
                "soak: %d records in %d s, once warm %.0f records/s in the first third and %.0f in the last, resident"
                        + " memory %.0f MB, slope %.2f MB in a million records, threads %d to %d, file handles %d to"
                        + " %d%n",
                RECORDS,
                (System.nanoTime() - start) / 1_000_000_000,
                Footprint.rate(warm.subList(0, warm.size() / 3)),
                Footprint.rate(warm.subList(warm.size() - warm.size() / 3, warm.size())),
                warm.get(warm.size() - 1).residentMegabytes(),
                slope,
                least(warm, Footprint::threads),
                most(warm, Footprint::threads),
                least(warm, Footprint::files),
                most(warm, Footprint::files));
        double growth = slope * (RECORDS - warm.get(0).records()) / 1e6;
        assertTrue(growth < MOST_GROWTH_MEGABYTES, () -> "grows by " + growth + " MB: " + taken);
        List<Footprint> early = warm.subList(0, warm.size() / 2);
        List<Footprint> late = warm.subList(warm.size() / 2, warm.size());
        assertTrue(most(late, Footprint::threads) <= most(early, Footprint::threads), taken::toString);
        assertTrue(most(late, Footprint::files) <= most(early, Footprint::files) + 2, taken::toString);
    }

    private List<Footprint> stream(String bootstrapServers, Instance instance) throws Exception {
        List<Footprint> taken = new ArrayList<>();
        long sent = 0;
        long scored = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                TopicReader scores = new TopicReader(bootstrapServers, "scores", 1, IsolationLevel.READ_COMMITTED)) {
            long deadline = System.nanoTime() + Run.PATIENCE.toNanos();
            while (scored < RECORDS) {
                while (sent < RECORDS && sent - scored < BACKLOG) {
                    var unused = producer.send(new ProducerRecord<>(
                            "images", pictures.get(sent).image().pixels()));
                    sent++;
                }
                int read = scores.poll(Duration.ofMillis(100), score -> {});
                scored += read;
                if (read > 0) {
                    deadline = System.nanoTime() + Run.PATIENCE.toNanos();
                }
                assertTrue(instance.process().isAlive(), instance.process()::tail);
                assertTrue(System.nanoTime() < deadline, instance.process()::tail);
                if (scored * FOOTPRINTS / RECORDS > taken.size()) {
                    taken.add(Footprint.of(instance.process().pid(), scored));
                }
            }
        }
        return taken;
    }

    private static long least(List<Footprint> taken, ToLongFunction<Footprint> what) {
        return taken.stream().mapToLong(what).min().orElse(0);
    }

    private static long most(List<Footprint> taken, ToLongFunction<Footprint> what) {
        return taken.stream().mapToLong(what).max().orElse(0);
    }
}
