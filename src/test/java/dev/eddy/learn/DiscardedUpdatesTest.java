package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.nn.StateVisitor;
import org.junit.jupiter.api.Test;

class DiscardedUpdatesTest {

    private final DiscardedUpdates discarded = new DiscardedUpdates(3);

    @Test
    void onlyUpdatesInARowCount() {
        discarded.countVae(false);
        discarded.countVae(false);
        discarded.countVae(true);
        discarded.countVae(false);
        discarded.countVae(false);
        assertFalse(discarded.limitReached());
        discarded.countVae(false);
        assertTrue(discarded.limitReached());
        discarded.forget();
        assertFalse(discarded.limitReached());
    }

    @Test
    void theOtherModelsUpdatesChangeNothing() {
        for (int i = 0; i < 3; i++) {
            assertFalse(discarded.limitReached());
            discarded.countGan(false);
            discarded.countVae(true);
        }
        assertTrue(discarded.limitReached());
    }

    @Test
    void bothCountsAreOneNumberOfTheState() {
        discarded.countVae(false);
        discarded.countGan(false);
        discarded.countGan(false);
        Longs captured = new Longs(new long[1], false);
        discarded.visit("discarded", captured);
        assertArrayEquals(new long[] {2L << 32 | 1}, captured.state);
        DiscardedUpdates other = new DiscardedUpdates(3);
        other.visit("discarded", new Longs(captured.state, true));
        other.countVae(false);
        assertFalse(other.limitReached());
        other.countGan(false);
        assertTrue(other.limitReached());
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Longs(long[] state, boolean restores) implements StateVisitor {
        @Override
        public void longs(String name, long[] values) {
            System.arraycopy(restores ? state : values, 0, restores ? values : state, 0, values.length);
        }

        @Override
        public void floats(String name, float[] values) {}

        @Override
        public void doubles(String name, double[] values) {}

        @Override
        public void bytes(String name, byte[] values) {}
    }
}
