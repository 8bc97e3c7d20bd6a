package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A command that runs on a thread of this process until it is stopped. */
final class RunningCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Stop stop = new Stop();
    private final CompletableFuture<Integer> exitCode;

    RunningCommand(String... arguments) {
        exitCode = CompletableFuture.supplyAsync(
                () -> Eddy.execute(stop, new PrintWriter(out), new PrintWriter(err), arguments),
                task -> new Thread(task, "test-command").start());
    }

    /** The first line that it prints. */
    String firstLine() {
        awaitUntil(() -> out.toString().contains("\n") || exitCode.isDone(), () -> "a line of output");
        return out.toString().lines().findFirst().orElseGet(() -> fail("ended with: " + err));
    }

    /** Stops it as a signal would: its exit code. */
    int stop() throws Exception {
        stop.request();
        return exitCode.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    String err() {
        return err.toString();
    }

    /** Waits for a condition, at most two minutes. */
    static void awaitUntil(BooleanSupplier condition, Supplier<String> what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain for " + what.get());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
