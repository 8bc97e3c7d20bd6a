package dev.eddy.stream;

/** The source cannot be asked now; trying again later may help. */
final class SourceUnavailableException extends RuntimeException {

    SourceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
