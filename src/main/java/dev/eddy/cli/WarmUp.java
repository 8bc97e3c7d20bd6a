package dev.eddy.cli;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;

/**
 * Loads the native libraries on a thread of its own: their first use takes seconds, in which brokers and clients can
 * start as well.
 */
final class WarmUp {

    private WarmUp() {}

    static void start(LearnerConfig config) {
        Thread thread = new Thread(() -> new Learner(config, 0).close(), "eddy-warm-up");
        thread.setDaemon(true);
        thread.start();
    }
}
