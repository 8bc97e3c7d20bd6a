package dev.eddy.stream;

import dev.eddy.snapshot.IncompatibleSnapshotException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a stream thread dies: what may pass is tried again after a pause that doubles up to half a minute,
 * for as long as it takes; what no retry mends ends the application with one line; anything else, a few times. Called by
 * the dying threads.
 */
final class Restarts implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Restarts.class);
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int UNKNOWN_FAULTS = 5;

    private final AtomicReference<String> fatal = new AtomicReference<>("");
    private final LongConsumer pauseMillis;
    private final LongSupplier clockNanos;
    private int inARow;
    private int unknownInARow;
    private long lastNanos;

    Restarts() {
        this(Restarts::sleep, System::nanoTime);
    }

    /**
     * @param pauseMillis sleeps
     * @param clockNanos as {@link System#nanoTime}
     */
    Restarts(LongConsumer pauseMillis, LongSupplier clockNanos) {
        this.pauseMillis = pauseMillis;
        this.clockNanos = clockNanos;
        this.lastNanos = clockNanos.getAsLong();
    }

    /** Why the application has ended, in one line; empty if it has not. */
    String fatal() {
        return String.valueOf(fatal.get());
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable exception) {
        String reason = fatalReason(exception);
        boolean passes = passes(exception);
        Faults faults = count(passes);
        if (reason == null && faults.unknown() > UNKNOWN_FAULTS) {
            reason = "failed " + faults.unknown() + " times in a row: " + root(exception);
        }
        if (reason != null) {
            fatal.compareAndSet("", reason);
            LOG.debug("what ended it", exception); // the reason is told by who asks for it
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(10, faults.all() - 1));
        LOG.warn(
                "a stream thread failed, a new one begins in {} ms: {}",
                pause,
                root(exception).toString());
        if (passes) {
            LOG.debug("what failed", exception);
        } else {
            LOG.warn("what failed", exception);
        }
        pauseMillis.accept(pause);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In a row, with the present one. */
    private record Faults(int all, int unknown) {}

    private synchronized Faults count(boolean passes) {
        long now = clockNanos.getAsLong();
        if (now - lastNanos > FORGET_NANOS) {
            inARow = 0;
            unknownInARow = 0;
        }
        lastNanos = now;
        inARow++;
        unknownInARow += passes ? 0 : 1;
        return new Faults(inARow, unknownInARow);
    }

    private static @Nullable String fatalReason(Throwable exception) {
        for (Throwable t = exception; t != null; t = t.getCause()) {
            if (t instanceof IncompatibleSnapshotException
                    || t instanceof AuthenticationException
                    || t instanceof AuthorizationException
                    || t instanceof InvalidConfigurationException
                    || t instanceof ConfigException) {
                return String.valueOf(t.getMessage());
            }
            if (t instanceof VirtualMachineError || t instanceof LinkageError) {
                return t.toString();
            }
        }
        return null;
    }

    private static boolean passes(Throwable exception) {
        for (Throwable t = exception; t != null; t = t.getCause()) {
            if (t instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
