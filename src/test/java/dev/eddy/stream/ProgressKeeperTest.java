package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.eddy.snapshot.ByteStore;
import org.junit.jupiter.api.Test;

/** What the store says is owed is never less than what a crash could lose. */
class ProgressKeeperTest {

    private final ByteStore store = new DurableStore().open();

    @Test
    void anEmptyStoreSaysNothingUntilARecordComes() {
        ProgressKeeper progress = new ProgressKeeper(store, true);
        progress.scored(10);
        assertEquals(-1, progress.origin());
        assertEquals(-1, progress.owed());
        progress.owe(7);
        assertEquals(new Progress(7, 7), Progress.read(store));
    }

    @Test
    void aRecordBeforeWhatIsSaidMovesItBack() {
        new Progress(3, 9).write(store);
        ProgressKeeper progress = new ProgressKeeper(store, true);
        progress.owe(12);
        assertEquals(new Progress(3, 9), Progress.read(store));
        progress.owe(5);
        assertEquals(new Progress(3, 5), Progress.read(store));
        progress.owe(2);
        assertEquals(new Progress(2, 2), Progress.read(store));
    }

    @Test
    void underExactlyOnceAPublishedScoreIsOwedNoMore() {
        ProgressKeeper progress = new ProgressKeeper(store, true);
        progress.begin(0, 4);
        progress.scored(6);
        progress.scored(5);
        assertEquals(new Progress(0, 6), Progress.read(store));
        assertEquals(6, progress.owed());
    }

    @Test
    void underAtLeastOnceAPublishedScoreIsOwedUntilTheCommit() {
        ProgressKeeper progress = new ProgressKeeper(store, false);
        progress.begin(0, 4);
        progress.scored(6);
        assertEquals(4, progress.owed());
        progress.committed(6);
        progress.scored(8);
        assertEquals(new Progress(0, 6), Progress.read(store));
    }
}
