package dev.eddy.snapshot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A manifest whose checksum is right is not damaged: what does not parse is of another release. */
class ManifestTest {

    private final MapStore bytes = new MapStore();
    private final SnapshotHeader header = SnapshotStoreTest.header(1);
    private final SnapshotStore store = new SnapshotStore(bytes, 100);

    private void restore(SomeState into) {
        store.restore("images", 3, Long.MAX_VALUE, header.configuration(), into::visit, rejection -> {});
    }

    @Test
    void aLaterFormatIsRefusedAndNotTakenForDamage() {
        written();
        alter(manifest -> manifest.putShort(4, (short) 2));
        assertThrows(IncompatibleSnapshotException.class, () -> restore(new SomeState(0)));
    }

    /** Every int32 of a manifest in turn, at every byte, has a value that no release writes there. */
    @Test
    void aManifestThatDoesNotParseIsRefusedAndNotTakenForDamage() {
        byte[] manifest = written();
        int refused = 0;
        for (int at = 6; at <= manifest.length - 8; at++) {
            for (int value : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, manifest.length, 0}) {
                int index = at;
                bytes.values.put("slot-0/manifest", manifest);
                alter(altered -> altered.putInt(index, value));
                SomeState into = new SomeState(0);
                try {
                    restore(into);
                } catch (IncompatibleSnapshotException e) {
                    refused++;
                    assertTrue(into.isEqualTo(new SomeState(0)), "touched");
                }
            }
        }
        assertTrue(refused > manifest.length, refused + " of " + 5 * manifest.length);
    }

    /** What each of them says, by its place behind the last text of the header. */
    @Test
    void whatDoesNotParseIsNamed() {
        byte[] manifest = written();
        String text = new String(manifest, StandardCharsets.ISO_8859_1);
        assertRefused(manifest, 6, Integer.MAX_VALUE, "a length of 2147483647 where ");
        assertRefused(manifest, 6, -1, "a length of -1 where ");
        assertRefused(manifest, text.indexOf("step") - 4, 60, "");
        assertRefused(manifest, text.indexOf("step") + 4, 'z' << 24, "array step: ");
        assertRefused(manifest, text.indexOf("step") + 5, -7, "array step: -7 of type l");
        assertRefused(manifest, text.indexOf("step") + 5, 8, "the chunks do not hold the arrays");
        assertRefused(manifest, text.indexOf("step") + 5, 6, "the chunks do not hold the arrays");
        assertRefused(manifest, text.indexOf("moments") + 8, 12, "the chunks do not hold the arrays");
        assertRefused(manifest, text.indexOf("moments") + 12, 0, " bytes are left over");
    }

    private void assertRefused(byte[] manifest, int at, int value, String reason) {
        bytes.values.put("slot-0/manifest", manifest);
        alter(altered -> altered.putInt(at, value));
        String message =
                String.valueOf(assertThrows(IncompatibleSnapshotException.class, () -> restore(new SomeState(0)))
                        .getMessage());
        assertTrue(message.contains("undamaged"), message);
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("use the release that wrote it, or start anew with --reset"), message);
        assertFalse(message.contains("\n"), message);
    }

    /** The manifest of the only snapshot. */
    private byte[] written() {
        store.write(header, new SomeState(1)::visit);
        return bytes.value("slot-0/manifest");
    }

    /** Changes the first slot's manifest, which says with the right checksum what it says now. */
    private void alter(Consumer<ByteBuffer> change) {
        byte[] altered = bytes.value("slot-0/manifest").clone();
        change.accept(ByteBuffer.wrap(altered));
        CRC32C crc = new CRC32C();
        crc.update(altered, 0, altered.length - 4);
        ByteBuffer.wrap(altered).putInt(altered.length - 4, (int) crc.getValue());
        bytes.values.put("slot-0/manifest", altered);
    }
}
