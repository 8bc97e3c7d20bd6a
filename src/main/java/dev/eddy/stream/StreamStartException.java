package dev.eddy.stream;

/** The learner cannot start; the message is one line that names what is wrong and the remedy. */
public final class StreamStartException extends Exception {

    StreamStartException(String message) {
        super(message);
    }

    StreamStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
