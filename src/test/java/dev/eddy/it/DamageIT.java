package dev.eddy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the learner finds damaged, missing or contradicting when it starts: it goes on as well as it can and says so. */
class DamageIT {

    private static final long SEED = Long.getLong("eddy.chaos.seed", 20_260_402);
    private static final long RECORDS = 3_000;

    @TempDir
    private Path folder;

    private Scenario scenario(String name) {
        return Scenario.of(name, folder, RECORDS, SEED);
    }

    /** The model is not that of an uninterrupted run. */
    private Scenario withAnotherModel(String name) {
        return scenario(name).promising(same -> List.of(new NoLoss(), new NoDuplicate()));
    }

    @Test
    void fromADamagedSnapshotItFallsBackToTheOlderOne() throws Exception {
        scenario("damaged snapshot").play(run -> {
            learnAndEnd(run, 2_000);
            Changelog changelog = changelog(run);
            changelog.damage(0, changelog.newestSlot(0), new byte[] {1, 2, 3});
            changelog.damage(1, changelog.newestSlot(1), null);
            Instance next = goOn(run);
            next.awaitLines(Run.PARTITIONS, " to replay");
            assertEquals(2, next.metric("eddy_snapshots_corrupt_total"));
            assertEquals(2, next.metric("eddy_restores_total", "outcome=\"older_slot\""));
            assertEquals(2, next.lines("is damaged"));
        });
    }

    @Test
    void withoutAnyUsableSnapshotItBeginsAnew() throws Exception {
        withAnotherModel("both snapshots damaged").play(run -> {
            learnAndEnd(run, 2_000);
            Changelog changelog = changelog(run);
            changelog.damage(0, 0, new byte[] {1, 2, 3});
            changelog.damage(0, 1, new byte[0]);
            Instance next = goOn(run);
            next.awaitLines(Run.PARTITIONS, " to replay");
            assertEquals(2, next.metric("eddy_snapshots_corrupt_total", "partition=\"0\""));
            assertEquals(1, next.metric("eddy_restores_total", "partition=\"0\"", "outcome=\"fresh\""));
            assertEquals(1, next.metric("eddy_restores_total", "partition=\"1\"", "outcome=\"newest\""));
            assertEquals(1, next.lines("begins anew"));
        });
    }

    @Test
    void whatTheSourceNoLongerHasIsCountedAndPassedOver() throws Exception {
        withAnotherModel("source retention")
                .with("snapshot.every.steps", "100000")
                .play(run -> {
                    learnAndEnd(run, 800);
                    long nextOffset = run.models().get(0).nextOffset();
                    Instance second = run.start();
                    run.awaitMore(600);
                    while (committed(run) < nextOffset + 100) { // scores come before their commit
                        run.awaitMore(1);
                    }
                    run.kill(second);
                    long committed = committed(run);
                    long cut = nextOffset + (committed - nextOffset) / 2;
                    assertTrue(cut > nextOffset, "nothing to replay: " + nextOffset + " to " + committed);
                    run.delete(0, cut);
                    Instance third = goOn(run);
                    third.awaitLines(1, "gone from the source");
                    assertEquals(cut - nextOffset, third.metric("eddy_records_gap_total"));
                    assertEquals(1, third.lines("gone from the source"));
                });
    }

    @Test
    void soIsWhatIsGoneBeforeTheGroupHasReadIt() throws Exception {
        withAnotherModel("source retention, unread").play(run -> {
            learnAndEnd(run, 800);
            long nextOffset = run.models().get(0).nextOffset();
            run.send(500);
            long cut = committed(run) + 100;
            run.delete(0, cut);
            Instance next = goOn(run);
            next.awaitMetric(cut - nextOffset, "eddy_records_gap_total");
            assertTrue(next.lines("gone from the source") > 0);
        });
    }

    @Test
    void aContradictingConfigurationIsRefusedUntilItIsReset() throws Exception {
        scenario("changed configuration")
                .promising(same -> List.of(new NoLoss(), new SameWeights(same)))
                .play(run -> {
                    Instance former = run.start("--set", "vae.latent=7");
                    run.awaitProgress(500);
                    try (Instance early = run.startBeside("--reset")) {
                        assertRefused(early, "has running instances: end them before --reset");
                    }
                    run.terminate(former);
                    try (Instance changed = run.startBeside()) {
                        assertRefused(changed, "vae.latent is 7 in the snapshot, configured 16");
                        assertTrue(changed.process().err().contains("--reset"));
                    }
                    run.start("--reset");
                });
    }

    @Test
    void withoutTheGroupsPlaceItIsRefusedUntilThatIsSet() throws Exception {
        scenario("committed offsets gone").play(run -> {
            learnAndEnd(run, 800);
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", run.broker().bootstrapServers()))) {
                var places = admin.listConsumerGroupOffsets(run.applicationId())
                        .partitionsToOffsetAndMetadata()
                        .get();
                admin.deleteConsumerGroupOffsets(run.applicationId(), places.keySet())
                        .all()
                        .get();
                for (int start = 0; start < 2; start++) {
                    try (Instance lost = run.startBeside()) {
                        assertRefused(lost, ": the group has no committed offset, and records before ");
                    }
                }
                // The broker misses the member that was refused at its session timeout.
                Await.until("the group is empty", JarProcess.PATIENCE, run::tails, () -> isSet(admin, run, places));
            }
            goOn(run);
        });
    }

    @Test
    void updatesThatAreNotFiniteEndTrainingAndScoringGoesOn() throws Exception {
        scenario("updates that are not finite")
                .with("gan.train", "false")
                .with("vae.learning.rate", "1")
                .with("train.max.discarded.updates", "3")
                .play(run -> {
                    Instance instance = run.start();
                    run.awaitProgress(2_500);
                    assertEquals(2, instance.metric("eddy_training_stopped"));
                    assertTrue(instance.metric("eddy_updates_discarded_total") >= 6);
                    String health = instance.get("/health/live");
                    assertTrue(health.contains("training stopped in 2"), health);
                });
    }

    /** Learns from so many records and ends in good order. */
    private static void learnAndEnd(Run run, long records) throws Exception {
        Instance instance = run.start();
        run.awaitProgress(records);
        run.terminate(instance);
    }

    /** Starts an instance, which comes to score further records. */
    private static Instance goOn(Run run) throws Exception {
        Instance instance = run.start();
        run.awaitMore(300);
        return instance;
    }

    private static Changelog changelog(Run run) {
        return new Changelog(run.broker().bootstrapServers(), run.applicationId());
    }

    private static void assertRefused(Instance instance, String reason) {
        assertEquals(1, instance.process().exitCode(), instance.process().tail());
        String last = instance.process().err().lines().reduce("", (before, line) -> line);
        assertEquals(1, instance.lines(reason), instance.process().tail());
        assertTrue(last.contains(reason), instance.process().tail());
    }

    /** Sets the group's places; whether it had no member, and could be. */
    private static boolean isSet(Admin admin, Run run, Map<TopicPartition, OffsetAndMetadata> places) {
        try {
            admin.alterConsumerGroupOffsets(run.applicationId(), places).all().get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The group's place in partition 0, when no transaction decides on it any more. */
    private static long committed(Run run) throws Exception {
        TopicPartition partition = new TopicPartition(Run.INPUT, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", run.broker().bootstrapServers()))) {
            while (true) {
                Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                                Map.of(
                                        run.applicationId(),
                                        new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))),
                                new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(run.applicationId())
                        .get();
                if (offsets.containsKey(partition)) {
                    return offsets.get(partition).offset();
                }
            }
        }
    }
}
