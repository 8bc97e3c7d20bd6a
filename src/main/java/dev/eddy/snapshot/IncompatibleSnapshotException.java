package dev.eddy.snapshot;

/**
 * An undamaged snapshot that cannot be continued from with the present configuration or release. The message is one
 * line that names each key with both values, or what cannot be read, and the remedy.
 */
public final class IncompatibleSnapshotException extends RuntimeException {

    private static final String REMEDY = "; restore the former configuration, or start anew with --reset (forgets what"
            + " was learned) or with another application.id";

    IncompatibleSnapshotException(String reason) {
        this(reason, REMEDY);
    }

    IncompatibleSnapshotException(String reason, String remedy) {
        super(reason + remedy);
    }
}
