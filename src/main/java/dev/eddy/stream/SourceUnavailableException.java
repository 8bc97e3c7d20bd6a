package dev.eddy.stream;

/** The source cannot be asked now; trying again later may help. */
final class SourceUnavailableException extends RuntimeException {

    /** How long to wait before it is asked again. */
    static final long RETRY_MILLIS = 1_000;

    SourceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
