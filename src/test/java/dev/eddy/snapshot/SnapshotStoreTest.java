package dev.eddy.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.snapshot.SnapshotStore.Reason;
import dev.eddy.snapshot.SnapshotStore.Rejection;
import dev.eddy.snapshot.SnapshotStore.Restored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotStoreTest {

    private static final int CHUNK = 100;
    private static final Fingerprint CONFIGURATION =
            new Fingerprint(Map.of("seed", "1", "image.width", "4", "vae.learning.rate", "0.002"));

    private final MapStore bytes = new MapStore();
    private final List<Rejection> rejections = new ArrayList<>();

    static SnapshotHeader header(long step) {
        return new SnapshotHeader(
                "images",
                3,
                0,
                step,
                10 * step,
                1_700_000_000_000L,
                "test",
                "cafe",
                4.5,
                CONFIGURATION,
                List.of("began at offset 0"));
    }

    private SnapshotStore store() {
        return new SnapshotStore(bytes, CHUNK);
    }

    private Optional<Restored> restore(SomeState into) {
        return restore(into, Long.MAX_VALUE, CONFIGURATION);
    }

    private Optional<Restored> restore(SomeState into, long bound, Fingerprint configuration) {
        rejections.clear();
        return store().restore("images", 3, bound, configuration, into::visit, rejections::add);
    }

    private void writeTwo() {
        SnapshotStore store = store();
        store.write(header(1), new SomeState(1)::visit);
        store.write(header(2), new SomeState(2)::visit);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 15, 100, 403, 404, 1_000_000})
    void whatIsWrittenIsRestoredBitForBit(int chunkBytes) {
        new SnapshotStore(bytes, chunkBytes).write(header(5), new SomeState(5)::visit);
        SomeState into = new SomeState(0);
        SnapshotHeader restored = restore(into).orElseThrow().header();
        assertTrue(into.isEqualTo(new SomeState(5)));
        assertEquals(
                new SnapshotHeader(
                        "images",
                        3,
                        1,
                        5,
                        50,
                        1_700_000_000_000L,
                        "test",
                        "cafe",
                        4.5,
                        CONFIGURATION,
                        List.of("began at offset 0")),
                restored);
        assertTrue(rejections.isEmpty());
        bytes.values.forEach((key, value) -> assertTrue(key.endsWith("manifest") || value.length <= chunkBytes, key));
    }

    @Test
    void theNewestIsRestoredAndTheOlderOneIsOverwritten() {
        SnapshotStore store = store();
        for (int step = 1; step <= 5; step++) {
            store.write(header(step), new SomeState(step)::visit);
            assertEquals(step, restore(new SomeState(0)).orElseThrow().header().step());
        }
        SnapshotStore successor = store();
        assertTrue(successor
                .restore("images", 3, Long.MAX_VALUE, CONFIGURATION, new SomeState(0)::visit, rejections::add)
                .isPresent());
        assertEquals(OptionalLong.of(50), successor.fallback());
        successor.write(header(6), new SomeState(6)::visit);
        bytes.damage("slot-1/manifest", 30);
        assertEquals(5, restore(new SomeState(0)).orElseThrow().header().step());
    }

    @Test
    void oneAheadOfTheBoundIsPassedOver() {
        writeTwo();
        SomeState into = new SomeState(0);
        assertEquals(1, restore(into, 19, CONFIGURATION).orElseThrow().header().step());
        assertTrue(into.isEqualTo(new SomeState(1)));
        assertEquals(
                List.of(Reason.AHEAD),
                rejections.stream().map(Rejection::reason).toList());
        assertTrue(restore(into, 9, CONFIGURATION).isEmpty());
        assertEquals(20, restore(into, 20, CONFIGURATION).orElseThrow().header().nextOffset());
    }

    @Test
    void anyDamageFallsBackToTheOlderSlotAndThenToNothing() {
        writeTwo();
        Set<String> keys = new TreeSet<>(bytes.values.keySet());
        Map<String, byte[]> good = Map.copyOf(bytes.values);
        for (String key : keys) {
            bytes.values.clear();
            bytes.values.putAll(good);
            List<Runnable> damages = new ArrayList<>();
            damages.add(() -> bytes.truncate(key));
            damages.add(() -> bytes.values.put(key, new byte[0]));
            for (int i = 0; i < bytes.value(key).length; i++) {
                int index = i;
                damages.add(() -> bytes.damage(key, index));
            }
            if (!key.endsWith("manifest")) { // without a manifest a slot is empty, not damaged
                damages.add(() -> bytes.values.remove(key));
            }
            for (Runnable damage : damages) {
                bytes.values.clear();
                bytes.values.putAll(good);
                damage.run();
                SomeState into = new SomeState(0);
                long expected = key.startsWith("slot-1") ? 1 : 2;
                assertEquals(expected, restore(into).orElseThrow().header().step(), key);
                assertTrue(into.isEqualTo(new SomeState(expected)), key);
                assertTrue(rejections.stream().allMatch(r -> r.reason() == Reason.CORRUPT), key);
                boolean read = key.startsWith("slot-1") || key.endsWith("manifest");
                assertEquals(read ? 1 : 0, rejections.size(), key);
            }
        }
        bytes.values.clear();
        bytes.values.putAll(good);
        bytes.damage("slot-0/00001", 0);
        bytes.values.remove("slot-1/00002");
        SomeState into = new SomeState(0);
        assertTrue(restore(into).isEmpty());
        assertTrue(into.isEqualTo(new SomeState(0)), "touched");
        assertEquals(2, rejections.size());
        store().clear();
        restore(into);
        assertTrue(rejections.isEmpty());
    }

    @Test
    void aWriterKilledAnywhereLeavesTheLastSnapshot() {
        for (int writes = 0; ; writes++) {
            bytes.values.clear();
            bytes.failAfter(Integer.MAX_VALUE);
            SnapshotStore store = store();
            for (int step = 1; step <= 3; step++) {
                store.write(header(step), new SomeState(step)::visit);
            }
            bytes.failAfter(writes);
            boolean killed = false;
            try {
                store.write(header(4), new SomeState(4)::visit);
            } catch (IllegalStateException e) {
                killed = true;
            }
            SomeState into = new SomeState(0);
            long step = restore(into).orElseThrow().header().step();
            assertEquals(killed ? 3 : 4, step);
            assertTrue(into.isEqualTo(new SomeState(step)));
            assertTrue(rejections.isEmpty(), "a torn slot is an empty one: " + rejections);
            if (!killed) {
                return;
            }
        }
    }

    @Test
    void aSmallerSnapshotLeavesNoChunksOfTheLargerOne() {
        SnapshotStore store = store();
        store.write(header(1), new SomeState(1)::visit);
        store.write(header(2), new SomeState(2)::visit);
        store.write(header(3), visitor -> visitor.longs("step", new long[1]));
        assertFalse(bytes.values.containsKey("slot-0/00001"));
        assertTrue(bytes.values.containsKey("slot-1/00001"));
    }

    @Test
    void aContradictionNamesEachKeyWithBothValuesAndTheRemedy() {
        writeTwo();
        Fingerprint other = new Fingerprint(Map.of("seed", "2", "image.width", "8", "vae.learning.rate", "0.002"));
        String message = String.valueOf(
                assertThrows(IncompatibleSnapshotException.class, () -> restore(new SomeState(0), 100, other))
                        .getMessage());
        assertTrue(message.contains("seed is 1 in the snapshot, configured 2"), message);
        assertTrue(message.contains("image.width is 4 in the snapshot, configured 8"), message);
        assertTrue(message.contains("--reset"), message);
        assertFalse(message.contains("vae.learning.rate"), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void otherArraysContradictWhateverTheConfigurationSays() {
        writeTwo();
        rejections.clear();
        String message = String.valueOf(assertThrows(IncompatibleSnapshotException.class, () -> store().restore(
                                "images",
                                3,
                                100,
                                CONFIGURATION,
                                visitor -> visitor.longs("step", new long[8]),
                                rejections::add))
                .getMessage());
        assertTrue(message.contains("step: 7 of type l, configured step: 8 of type l"), message);
    }

    @Test
    void theSnapshotOfAnotherLogIsRefused() {
        writeTwo();
        assertThrows(IncompatibleSnapshotException.class, () -> store().restore(
                        "photos", 3, 100, CONFIGURATION, new SomeState(0)::visit, rejections::add));
    }

    @Test
    void aChangedRateIsTakenOverAndTold() {
        writeTwo();
        Fingerprint other =
                new Fingerprint(Map.of("seed", "1", "image.width", "4", "vae.learning.rate", "0.001", "new.key", "7"));
        Restored restored = restore(new SomeState(0), 100, other).orElseThrow();
        assertEquals(List.of(new Fingerprint.Difference("vae.learning.rate", "0.002", "0.001")), restored.changed());
    }
}
