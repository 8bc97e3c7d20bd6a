package dev.eddy.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error for work that takes over two seconds, if somebody sits at a terminal. */
final class Progress implements AutoCloseable {

    /** The number of steps of a task that nobody knows the end of. */
    static final long UNKNOWN = -1;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Given, because to look it up takes the terminal over: Ctrl+C would then end the process at once, uncleaned. */
    private static final int WIDTH = 80;

    private final String task;
    private final long all;
    private final boolean wanted;
    private final long startNanos = System.nanoTime();
    private @Nullable ProgressBar bar;

    private Progress(String task, long all, boolean wanted) {
        this.task = task;
        this.all = all;
        this.wanted = wanted;
    }

    /**
     * The progress of one task.
     *
     * @param all how many steps it has, or {@link #UNKNOWN}
     */
    static Progress of(String task, long all) {
        return new Progress(task, all, isTerminal() && errorIsTerminal());
    }

    @SuppressWarnings("SystemConsoleNull") // asked further from JDK 22 on, where it is never null
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Whether standard error is a terminal, as far as the system tells: {@link System#console} speaks of the other two. */
    static boolean errorIsTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return isTerminal();
        }
    }

    /** Tells how many steps are done. */
    void at(long done) {
        if (bar == null && wanted && System.nanoTime() - startNanos > PATIENCE_NANOS) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(all)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                    .startsFrom(0, Duration.ofNanos(System.nanoTime() - startNanos))
                    .showSpeed()
                    .build();
        }
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
