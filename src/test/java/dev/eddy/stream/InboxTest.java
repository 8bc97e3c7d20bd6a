package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.sync.Parcel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static final byte[] FIRST = "the first message".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "the second message, which is longer".getBytes(StandardCharsets.UTF_8);

    private final DurableStore store = new DurableStore();

    private static List<byte[]> chunks(byte[] message) {
        return Parcel.split(message, 20);
    }

    @Test
    void aMessageIsPutTogetherThoughEachChunkFindsAnotherProcess() {
        for (byte[] message : List.of(FIRST, SECOND, FIRST)) {
            for (byte[] chunk : chunks(message)) {
                assertTrue(new Inbox(store.open(), "box").receive(chunk));
            }
            assertArrayEquals(message, new Inbox(store.open(), "box").message().orElseThrow());
        }
    }

    @Test
    void aTornMessageIsDroppedAndTheNextOneComesWhole() {
        Inbox inbox = new Inbox(store.open(), "box");
        List<byte[]> torn = chunks(FIRST);
        assertFalse(inbox.receive(torn.get(1)), "its beginning is gone");
        assertTrue(inbox.receive(torn.get(0)));
        assertTrue(inbox.receive(torn.get(1)));
        assertFalse(inbox.receive(torn.get(3)));
        assertFalse(inbox.isWhole());
        List<byte[]> whole = chunks(SECOND);
        assertFalse(inbox.receive(whole.get(2)), "of another message");
        whole.forEach(inbox::receive);
        assertTrue(inbox.isWhole());
        assertArrayEquals(SECOND, inbox.message().orElseThrow());
        assertFalse(inbox.receive(null));
        assertFalse(inbox.receive(new byte[30]));
        assertArrayEquals(SECOND, inbox.message().orElseThrow());
    }

    @Test
    void aDamagedMessageIsNone() {
        Inbox inbox = new Inbox(store.open(), "box");
        List<byte[]> chunks = chunks(FIRST);
        chunks.get(2)[17]++;
        chunks.forEach(inbox::receive);
        assertTrue(inbox.isWhole());
        assertTrue(inbox.message().isEmpty());
    }
}
