package dev.eddy.image;

/** Turns an image into the value of a record. Implementations are stateless and thread-safe. */
@FunctionalInterface
public interface ImageEncoder {

    /** Encodes one image; the bytes may be the image's own. */
    byte[] encode(Image image);
}
