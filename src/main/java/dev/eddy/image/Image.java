package dev.eddy.image;

/**
 * One image: 8-bit values, row by row from the top left, the channels of a pixel side by side.
 *
 * @param geometry the shape
 * @param pixels {@code geometry.size()} values, 0 to 255 unsigned; shared, not copied, and not written to
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy per record would be waste
public record Image(Geometry geometry, byte[] pixels) {

    public Image {
        if (pixels.length != geometry.size()) {
            throw new IllegalArgumentException(
                    "image of " + pixels.length + " values where " + geometry + " has " + geometry.size());
        }
    }
}
