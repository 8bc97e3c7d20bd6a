package dev.eddy.image;

import java.io.IOException;

/** A file or folder that does not hold the expected images; the message is one line that names it and the remedy. */
public final class ImageFileException extends IOException {

    public ImageFileException(String message) {
        super(message);
    }

    public ImageFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
