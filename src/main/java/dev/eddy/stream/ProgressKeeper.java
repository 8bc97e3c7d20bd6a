package dev.eddy.stream;

import dev.eddy.snapshot.ByteStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store's word on which scores of a partition are owed. That a score is owed is written at once; that it is
 * not any more, only when no crash can lose the score and keep the word: under exactly-once both are of one
 * transaction, under at-least-once the word waits for the commit. Used by one thread at a time.
 */
final class ProgressKeeper {

    private final ByteStore store;
    private final boolean exactlyOnce;
    private @Nullable Progress saved;
    private long durable = -1; // scores before it are committed

    /** Goes on from what the store says. */
    ProgressKeeper(ByteStore store, boolean exactlyOnce) {
        this.store = store;
        this.exactlyOnce = exactlyOnce;
        this.saved = Progress.read(store);
    }

    /** The offset at which the fold began, -1 if the store does not say. */
    long origin() {
        return saved == null ? -1 : saved.origin();
    }

    /** The first offset without a score, as the store has it; -1 if it does not say. */
    long owed() {
        return saved == null ? -1 : saved.scoredThrough();
    }

    /**
     * Before anything else is known: the record's score is owed, and the fold began at it at the latest. A successor
     * finds that in the store whenever the record is committed.
     */
    void owe(long offset) {
        Progress before = saved;
        save(
                before == null
                        ? new Progress(offset, offset)
                        : new Progress(Math.min(before.origin(), offset), Math.min(before.scoredThrough(), offset)));
    }

    /** The fold began at {@code origin} and owes the scores from {@code scoredThrough} on, whatever was said before. */
    void begin(long origin, long scoredThrough) {
        durable = scoredThrough;
        save(new Progress(origin, scoredThrough));
    }

    /** All scores before {@code through} are published. */
    void scored(long through) {
        Progress before = saved;
        long certain = exactlyOnce ? through : durable;
        if (before != null && before.scoredThrough() < certain) {
            save(new Progress(before.origin(), certain));
        }
    }

    /** A commit has succeeded since all scores before {@code through} were published: they are there to stay. */
    void committed(long through) {
        durable = through;
    }

    private void save(Progress next) {
        if (!next.equals(saved)) {
            next.write(store);
            saved = next;
        }
    }
}
