package dev.eddy.image;

/** Turns the value of a record into an image of one geometry. Implementations are stateless and thread-safe. */
@FunctionalInterface
public interface ImageDecoder {

    /**
     * Decodes one image.
     *
     * @param bytes the record's value, not written to; the image may share it
     * @throws InvalidImageException if the bytes are no image of the decoder's format and geometry
     */
    Image decode(byte[] bytes);
}
