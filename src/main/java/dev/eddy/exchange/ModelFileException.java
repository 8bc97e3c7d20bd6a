package dev.eddy.exchange;

import org.jspecify.annotations.Nullable;

/** A file that holds no model, or none that can be used; the message is one line that says why. */
public final class ModelFileException extends RuntimeException {

    ModelFileException(String message) {
        super(message);
    }

    ModelFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
