package dev.eddy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.nn.StateCopy;
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
        StateCopy copy = new StateCopy(state -> discarded.visit("discarded", state));
        assertArrayEquals(new long[] {2L << 32 | 1}, (long[]) copy.array("discarded"));
        DiscardedUpdates other = new DiscardedUpdates(3);
        copy.restore(state -> other.visit("discarded", state));
        other.countVae(false);
        assertFalse(other.limitReached());
        other.countGan(false);
        assertTrue(other.limitReached());
    }
}
