package dev.eddy.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The wish that a running command ends in good order, from a signal or a test. Thread-safe. */
final class Stop {

    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private volatile Duration patience = Duration.ofSeconds(2);
    private volatile boolean interrupts = true;

    /** How long after the wish the process ends without the command, should it not have ended by then. */
    Duration patience() {
        return patience;
    }

    /** Whether the wish interrupts the command, which has nothing to finish then but to remove what is half-written. */
    boolean interrupts() {
        return interrupts;
    }

    /** From now on the command looks for the wish by itself, uninterrupted, and ends in good order in that time. */
    void within(Duration patience) {
        this.patience = patience;
        interrupts = false;
    }

    void request() {
        requested.complete(null);
    }

    boolean isRequested() {
        return requested.isDone();
    }

    /** Runs once, on the thread that requests; at once if that has happened. */
    void whenRequested(Runnable action) {
        var unused = requested.thenRun(action);
    }

    /** Waits for the wish. */
    void await() throws InterruptedException {
        try {
            requested.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the wish; whether it came in time. */
    boolean await(Duration atMost) throws InterruptedException {
        try {
            requested.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
