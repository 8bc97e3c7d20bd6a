package dev.eddy.image;

/**
 * The shape of every image of a stream.
 *
 * @param width pixels in a row, 1 to 4096
 * @param height rows, 1 to 4096
 * @param channels values of a pixel: 1 (grey) or 3 (red, green, blue)
 */
public record Geometry(int width, int height, int channels) {

    public static final int MAX_SIDE = 4096;

    public Geometry {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException("image geometry " + width + "x" + height + "x" + channels
                    + ": width and height are 1 to 4096, channels 1 or 3");
        }
    }

    /** The number of values of one image, {@code width * height * channels}. */
    public int size() {
        return width * height * channels;
    }

    @Override
    public String toString() {
        return width + "x" + height + "x" + channels;
    }
}
