package dev.eddy.telemetry;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that another thread or process brings about. */
final class Await {

    interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /** @throws AssertionError if it does not hold within the limit */
    static void until(String what, Duration limit, Condition condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": not within " + limit.toSeconds() + " s");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
