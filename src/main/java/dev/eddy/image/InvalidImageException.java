package dev.eddy.image;

/** Bytes that are no image of the expected format and geometry; the message says what was found and what was expected. */
public final class InvalidImageException extends RuntimeException {

    public InvalidImageException(String message) {
        super(message);
    }

    public InvalidImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
