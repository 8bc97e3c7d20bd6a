package dev.eddy.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What both sides measure with: time on the wall, or with {@code -Deddy.bench.clock=cpu} the calling thread's time on
 * a processor, for a machine that others use too. Both sides compute in one thread.
 */
public final class Clock {

    static final String PROPERTY = "eddy.bench.clock";

    private static final boolean CPU = "cpu".equals(System.getProperty(PROPERTY));
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Clock() {}

    /** Nanoseconds since some moment. */
    public static long nanos() {
        return CPU ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    /** The name of the clock in force, for the other process. */
    static String name() {
        return CPU ? "cpu" : "wall";
    }
}
