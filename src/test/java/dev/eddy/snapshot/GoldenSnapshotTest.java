package dev.eddy.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.snapshot.SnapshotStore.Restored;
import dev.eddy.stream.Tiny;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import org.junit.jupiter.api.Test;

/**
 * A snapshot of format version 1 that is kept with the sources: every release reads it. The file holds the store's
 * entries one after the other, key (modified UTF-8), length (int32) and bytes. Run with {@code -Deddy.golden.write=FILE}
 * it writes one instead, of what the present learner makes.
 */
class GoldenSnapshotTest {

    private static final String WEIGHTS = "85d2884c033121c9b8a99d19c93deeb7ecf2eefc07a44e65a005a599d95adc7b";
    private static final int STEPS = 100;

    /** Of the file: it is never written anew, whatever the present release would make of it. */
    private static final String FILE = "f6c62bca10b925f11a46ea563b019c019651e50e9c38e6456182b7810f32879a";

    @Test
    void theSnapshotOfVersion1IsRead() throws Exception {
        LearnerConfig config = Tiny.learner(1);
        String write = System.getProperty("eddy.golden.write");
        if (write != null) {
            write(config, Path.of(write));
        }
        MapStore bytes = new MapStore();
        try (InputStream in = GoldenSnapshotTest.class.getResourceAsStream("snapshot-v1.bin")) {
            assertNotNull(in);
            byte[] file = in.readAllBytes();
            assertEquals(FILE, sha256(file), "snapshot-v1.bin is another file: restore the one that a release wrote");
            read(new DataInputStream(new ByteArrayInputStream(file)), bytes);
        }
        List<SnapshotStore.Rejection> rejections = new ArrayList<>();
        try (Learner learner = new Learner(config, 0)) {
            Optional<Restored> restored = new SnapshotStore(bytes, 256)
                    .restore("images", 0, Long.MAX_VALUE, Fingerprint.of(config), learner::visit, rejections::add);
            assertTrue(rejections.isEmpty(), rejections::toString);
            learner.restored();
            SnapshotHeader header = restored.orElseThrow().header();
            assertEquals(STEPS, header.step());
            assertEquals(STEPS, learner.step());
            assertEquals(STEPS * Tiny.BATCH, header.nextOffset());
            assertEquals(List.of("began at offset 0"), header.lineage());
            assertEquals(WEIGHTS, learner.weightsSha256());
            assertEquals(WEIGHTS, header.sha256());
            assertEquals("Eddy 0.1.0", header.codeVersion());
            assertTrue(Double.isFinite(header.threshold()), header::toString);
        }
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

    private static void write(LearnerConfig config, Path file) throws IOException {
        MapStore bytes = new MapStore();
        try (Learner learner = new Learner(config, 0);
                DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            SplittableRandom random = new SplittableRandom(1);
            while (learner.step() < STEPS) {
                learner.add(Tiny.image(random));
                if (learner.isFull()) {
                    learner.train();
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
            System.out.println(learner.weightsSha256());
        }
    }
}
