package dev.eddy.image;

import java.util.Arrays;
import java.util.List;

/** Images side by side as one PNG, in as many columns as make the grid nearly square, with a dark gap between. */
public final class ImageGrid {

    private static final int GAP = 2; // pixels
    private static final byte GAP_VALUE = 48;
    private static final int VIEWABLE = 56; // pixels a side, below which images are enlarged

    private ImageGrid() {}

    /**
     * Lays out images row by row from the top left.
     *
     * @param geometry the shape of each
     * @param images at least one, each {@code geometry.size()} values
     * @param scale how often each pixel is repeated in both directions, at least 1; see {@link #viewableScale}
     */
    public static byte[] png(Geometry geometry, List<byte[]> images, int scale) {
        return png(geometry, images, (int) Math.ceil(Math.sqrt(images.size())), scale);
    }

    /** As {@link #png(Geometry, List, int)}, of values in [0, 1]; values outside are clipped, NaN is black. */
    public static byte[] png(Geometry geometry, float[][] images, int scale) {
        return png(geometry, Arrays.stream(images).map(ImageGrid::bytes).toList(), scale);
    }

    /** The least enlargement at which an image of this geometry can be looked at without strain. */
    public static int viewableScale(Geometry geometry) {
        int side = Math.max(geometry.width(), geometry.height());
        return Math.max(1, (VIEWABLE + side - 1) / side);
    }

    /** Values in [0, 1] as 0 to 255, rounded; values outside are clipped, NaN is 0. */
    public static byte[] bytes(float[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (int) (Math.max(0f, Math.min(1f, values[i])) * 255f + 0.5f);
        }
        return bytes;
    }

    static byte[] png(Geometry geometry, List<byte[]> images, int columns, int scale) {
        if (images.isEmpty() || scale < 1) {
            throw new IllegalArgumentException("a grid of " + images.size() + " images at scale " + scale);
        }
        int rows = (images.size() + columns - 1) / columns;
        int width = columns * (geometry.width() * scale + GAP) - GAP;
        int height = rows * (geometry.height() * scale + GAP) - GAP;
        byte[] canvas = new byte[Math.multiplyExact(Math.multiplyExact(width, height), geometry.channels())];
        Arrays.fill(canvas, GAP_VALUE);
        for (int i = 0; i < images.size(); i++) {
            Image image = new Image(geometry, images.get(i));
            int x = i % columns * (geometry.width() * scale + GAP);
            int y = i / columns * (geometry.height() * scale + GAP);
            draw(image, scale, canvas, width, x, y);
        }
        return PngWriter.png(width, height, geometry.channels(), canvas);
    }

    private static void draw(Image image, int scale, byte[] canvas, int canvasWidth, int left, int top) {
        Geometry g = image.geometry();
        int n = g.channels();
        byte[] pixels = image.pixels();
        byte[] line = new byte[g.width() * scale * n]; // enlarged
        for (int y = 0; y < g.height() * scale; y++) {
            if (y % scale == 0) {
                widen(pixels, y / scale * g.width() * n, n, scale, line);
            }
            System.arraycopy(line, 0, canvas, ((top + y) * canvasWidth + left) * n, line.length);
        }
    }

    /** Fills {@code line} with the pixels from value {@code from} on, each {@code scale} times. */
    private static void widen(byte[] pixels, int from, int channels, int scale, byte[] line) {
        for (int pixel = from, to = 0; to < line.length; pixel += channels) {
            for (int i = 0; i < scale; i++) {
                for (int c = 0; c < channels; c++) {
                    line[to++] = pixels[pixel + c];
                }
            }
        }
    }
}
