package dev.eddy.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other processes bring about. */
public final class Await {

    private static final long GLANCE_NANOS = 20_000_000;

    private Await() {}

    /**
     * Waits for a condition.
     *
     * @param detail what to add to the message of the failure
     * @throws AssertionError if it does not hold within the limit
     */
    public static void until(String what, Duration limit, Supplier<String> detail, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": not within " + limit.toSeconds() + " s" + detail.get());
            }
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }
}
