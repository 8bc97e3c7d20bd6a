package dev.eddy.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.nn.StateCopy;
import dev.eddy.snapshot.SnapshotStore.Restored;
import dev.eddy.stream.Tiny;
import dev.eddy.sync.Aggregation;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.OuterOptimizer;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Snapshots of format version 1 that are kept with the sources: every release reads them. A file holds the store's
 * entries one after the other, key (modified UTF-8), length (int32) and bytes. Run with {@code -Deddy.golden.write=FOLDER}
 * it writes both into that folder first, of what the present learner makes.
 */
class GoldenSnapshotTest {

    private static final int STEPS = 100;
    private static final int EVERY = 3;

    /** Of the anchor of the synchronised one. */
    private static final int SAMPLES = 4;

    private static final String BASE = "85a73a1104e456c4c46d9f1df0bb34fe4a547632e5d8e8a54e260e4be29577ff";

    /** The hash of a file is pinned: it is never written anew, whatever the present release would make of it. */
    private enum Golden {
        ALONE(
                "snapshot-v1.bin",
                "f6c62bca10b925f11a46ea563b019c019651e50e9c38e6456182b7810f32879a",
                0,
                "85d2884c033121c9b8a99d19c93deeb7ecf2eefc07a44e65a005a599d95adc7b"),
        SYNCHRONISED(
                "snapshot-v1-synchronised.bin",
                "920b9f0ee3b9c3323cd46e26af5688e07b40d871f156dfb6364ae37a24bfe26b",
                EVERY,
                "75da54dcbc476f4b19a1266c261ba1ae1f31f7fff21918d201205989100e76e4");

        private final String file;
        private final String sha256;
        private final int syncEverySteps;
        private final String weights;

        Golden(String file, String sha256, int syncEverySteps, String weights) {
            this.file = file;
            this.sha256 = sha256;
            this.syncEverySteps = syncEverySteps;
            this.weights = weights;
        }

        private LearnerConfig config() {
            return Tiny.learner(1).synchronised(syncEverySteps);
        }
    }

    @BeforeAll
    static void writeAnew() throws IOException {
        String folder = System.getProperty("eddy.golden.write");
        if (folder != null) {
            for (Golden golden : Golden.values()) {
                write(golden, Path.of(folder));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSnapshotOfVersion1IsRead(Golden golden) throws Exception {
        MapStore bytes = new MapStore();
        try (InputStream in = GoldenSnapshotTest.class.getResourceAsStream(golden.file)) {
            assertNotNull(in);
            byte[] file = in.readAllBytes();
            assertEquals(
                    golden.sha256,
                    sha256(file),
                    () -> golden.file + " is another file: restore the one that a release wrote");
            read(new DataInputStream(new ByteArrayInputStream(file)), bytes);
        }
        LearnerConfig config = golden.config();
        List<SnapshotStore.Rejection> rejections = new ArrayList<>();
        try (Learner learner = new Learner(config, 0)) {
            Optional<Restored> restored = new SnapshotStore(bytes, 256)
                    .restore("images", 0, Long.MAX_VALUE, Fingerprint.of(config), learner::visit, rejections::add);
            assertTrue(rejections.isEmpty(), rejections::toString);
            learner.restored();
            assertEquals(List.of(), restored.orElseThrow().changed());
            SnapshotHeader header = restored.orElseThrow().header();
            assertEquals(STEPS, header.step());
            assertEquals(STEPS, learner.step());
            assertEquals(STEPS * Tiny.BATCH, header.nextOffset());
            assertEquals(List.of("began at offset 0"), header.lineage());
            assertEquals(golden.weights, learner.weightsSha256());
            assertEquals(golden.weights, header.sha256());
            assertEquals("Eddy 0.1.0", header.codeVersion());
            assertTrue(Double.isFinite(header.threshold()), header::toString);
            if (golden == Golden.SYNCHRONISED) {
                checkAnchor(learner);
            }
        }
    }

    /** What the hash of the weights does not cover: the snapshot lies between a contribution and its answer. */
    private static void checkAnchor(Learner learner) throws NoSuchAlgorithmException {
        int answered = STEPS / EVERY - 1;
        assertEquals(answered, learner.round());
        StateCopy state = new StateCopy(learner::visit);
        assertArrayEquals(new long[] {1}, (long[]) state.array("anchor/awaiting"));
        assertArrayEquals(new long[] {STEPS % EVERY}, (long[]) state.array("anchor/steps"));
        assertArrayEquals(new long[] {SAMPLES}, (long[]) state.array("anchor/samples"));
        float[] base = (float[]) state.array("anchor/base");
        ByteBuffer bytes = ByteBuffer.allocate(base.length * Float.BYTES);
        bytes.asFloatBuffer().put(base);
        assertEquals(BASE, sha256(bytes.array()));
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void read(DataInputStream in, MapStore into) throws IOException {
        while (in.available() > 0) {
            String key = in.readUTF();
            into.put(key, in.readNBytes(in.readInt()));
        }
    }

    private static void write(Golden golden, Path folder) throws IOException {
        LearnerConfig config = golden.config();
        Aggregation others = new Aggregation(new OuterOptimizer(0.7, 0.5), 1, config.seed(), 1, config.parameters());
        MapStore bytes = new MapStore();
        try (Learner learner = new Learner(config, 0);
                DataOutputStream out = new DataOutputStream(Files.newOutputStream(folder.resolve(golden.file)))) {
            SplittableRandom random = new SplittableRandom(1);
            while (learner.step() < STEPS) {
                learner.add(Tiny.image(random));
                if (learner.isFull()) {
                    learner.train();
                }
                if (learner.contributionDue()) {
                    Contribution contribution = learner.contribute();
                    if (learner.step() + EVERY < STEPS) { // the last one still waits for its answer
                        others.offer(contribution);
                        learner.adopt(others.close(partition -> contribution.difference()));
                    }
                }
            }
            new SnapshotStore(bytes, 4096)
                    .write(
                            new SnapshotHeader(
                                    "images",
                                    0,
                                    0,
                                    learner.step(),
                                    STEPS * Tiny.BATCH,
                                    1_700_000_000_000L,
                                    "Eddy 0.1.0",
                                    learner.weightsSha256(),
                                    learner.scale().threshold(),
                                    Fingerprint.of(config),
                                    List.of("began at offset 0")),
                            learner::visit);
            for (Map.Entry<String, byte[]> entry : new TreeMap<>(bytes.values).entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeInt(entry.getValue().length);
                out.write(entry.getValue());
            }
            System.out.println(golden + " weights " + learner.weightsSha256());
        }
    }
}
