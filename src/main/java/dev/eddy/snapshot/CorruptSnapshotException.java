package dev.eddy.snapshot;

/** Bytes that are not what was written; the message says which part and how that shows. */
final class CorruptSnapshotException extends Exception {

    CorruptSnapshotException(String message) {
        super(message);
    }
}
