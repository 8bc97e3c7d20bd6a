package dev.eddy.image;

/**
 * A PNG or JPEG file whose container has been checked, not yet decoded.
 *
 * @param format {@code png} or {@code jpeg}
 * @param width pixels in a row, at least 1
 * @param height rows, at least 1
 * @param bitsPerPixel of all components together
 * @param bytes the file without what does not say what the values are
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record EncodedPicture(String format, int width, int height, int bitsPerPixel, byte[] bytes) {

    /** What a decoded picture may take: 32 million pixels of 8-bit colour. Larger ones are refused undecoded. */
    static final long MAX_DECODED_BYTES = 96L << 20;

    static final int MAX_SIDE = 32_768;

    EncodedPicture {
        if (width < 1 || height < 1) {
            throw new InvalidImageException(format + " is damaged: it says it is " + Integer.toUnsignedString(width)
                    + "x" + Integer.toUnsignedString(height));
        }
        if (width > MAX_SIDE || height > MAX_SIDE || decodedBytes(width, height, bitsPerPixel) > MAX_DECODED_BYTES) {
            throw new InvalidImageException(format + " of " + width + "x" + height
                    + " pixels is too large: at most " + MAX_SIDE + " a side and " + (MAX_DECODED_BYTES >> 20)
                    + " MiB decoded");
        }
    }

    long decodedBytes() {
        return decodedBytes(width, height, bitsPerPixel);
    }

    EncodedPicture with(byte[] content) {
        return new EncodedPicture(format, width, height, bitsPerPixel, content);
    }

    private static long decodedBytes(int width, int height, int bitsPerPixel) {
        return (width * (long) bitsPerPixel + 7) / 8 * height;
    }
}
