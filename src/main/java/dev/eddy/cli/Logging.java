package dev.eddy.cli;

/** Chooses level and form of the log by the properties that {@code logback.xml} reads, before the first logger exists. */
final class Logging {

    private Logging() {}

    static void configure(boolean verbose, boolean json) {
        if (verbose) {
            System.setProperty("eddy.log.level", "DEBUG");
            System.setProperty("eddy.log.libraries", "INFO");
        }
        if (json) {
            System.setProperty("eddy.log.form", "JSON");
        }
    }
}
