package dev.eddy.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncCodecTest {

    private static final float[] VALUES = {1.5f, -0f, Float.MIN_VALUE, 3e30f};

    @Test
    void aContributionArrivesAsItWasSent() {
        Contribution sent = new Contribution(-3, 7, 11, 13, 17, VALUES);
        Contribution got = SyncCodec.contribution(SyncCodec.encode(sent));
        assertEquals(
                List.of(-3L, 7, 11L, 13L, 17L),
                List.of(got.seed(), got.partition(), got.round(), got.step(), got.samples()));
        assertArrayEquals(VALUES, got.difference());
    }

    @Test
    void globalWeightsArriveAsTheyWereSent() {
        GlobalWeights got = SyncCodec.globalWeights(SyncCodec.encode(new GlobalWeights(5, 2, 3, 999, VALUES)));
        assertEquals(List.of(5L, 2L, 3, 999L), List.of(got.seed(), got.round(), got.contributors(), got.samples()));
        assertArrayEquals(VALUES, got.weights());
    }

    @Test
    void whatIsNoMessageIsRefused() {
        byte[] message = SyncCodec.encode(new GlobalWeights(5, 2, 3, 999, VALUES));
        assertThrows(IllegalArgumentException.class, () -> SyncCodec.contribution(message));
        assertThrows(IllegalArgumentException.class, () -> SyncCodec.globalWeights(Arrays.copyOf(message, 20)));
        assertThrows(IllegalArgumentException.class, () -> SyncCodec.globalWeights(new byte[0]));
        message[0] = 9;
        assertThrows(IllegalArgumentException.class, () -> SyncCodec.globalWeights(message));
    }

    @Test
    void aParcelIsJoinedOnlyWholeAndUnchanged() {
        byte[] message = new byte[1000];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) (i * 7);
        }
        for (int chunkBytes : new int[] {17, 100, 1016, 5000}) {
            List<byte[]> chunks = Parcel.split(message, chunkBytes);
            assertTrue(chunks.stream().allMatch(chunk -> chunk.length <= chunkBytes));
            assertArrayEquals(message, Parcel.join(chunks).orElseThrow());
            List<byte[]> damaged = new ArrayList<>(chunks);
            byte[] last = damaged.get(damaged.size() - 1).clone();
            last[last.length - 1]++;
            damaged.set(damaged.size() - 1, last);
            assertTrue(Parcel.join(damaged).isEmpty());
            if (chunks.size() > 1) {
                assertTrue(Parcel.join(chunks.subList(0, chunks.size() - 1)).isEmpty());
                List<byte[]> swapped = new ArrayList<>(chunks);
                Collections.swap(swapped, 0, 1);
                assertTrue(Parcel.join(swapped).isEmpty());
            }
        }
        assertArrayEquals(
                new byte[0], Parcel.join(Parcel.split(new byte[0], 100)).orElseThrow());
    }

    @Test
    void rubbishHasNoLabel() {
        assertTrue(Parcel.label(null).isEmpty());
        assertTrue(Parcel.label(new byte[3]).isEmpty());
        assertTrue(Parcel.label(new byte[100]).isEmpty());
    }
}
