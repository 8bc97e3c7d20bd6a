package dev.eddy.image;

import java.util.Arrays;

/**
 * Brings the rows of an image, fed from top to bottom, to a geometry: channels first, then width and height by area
 * averaging. Each output value is the mean over the rectangle of the input that it covers, in whole numbers and
 * rounded once, so the same rows give the same bytes on every machine, and an image of the right geometry is
 * unchanged.
 */
final class Fit {

    private final int width;
    private final int height;
    private final int channels;
    private final Geometry target;
    private final byte[] pixels;
    private final int[] converted; // (width, target.channels)
    private final int[] across; // (target.width, target.channels), sums over the input's columns
    private final long[] sums; // the same, summed over the input's rows as well
    private int row;
    private int targetRow;

    /** Takes rows of {@code width} pixels, each of 1 (grey) or 3 (RGB) values of 0 to 255. */
    Fit(int width, int height, int channels, Geometry target) {
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.target = target;
        this.pixels = new byte[target.size()];
        this.converted = new int[width * target.channels()];
        this.across = new int[target.width() * target.channels()];
        this.sums = new long[across.length];
    }

    /** An image brought to another geometry. */
    static Image image(Image image, Geometry target) {
        Geometry from = image.geometry();
        Fit fit = new Fit(from.width(), from.height(), from.channels(), target);
        int[] row = new int[from.width() * from.channels()];
        for (int y = 0; y < from.height(); y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = image.pixels()[y * row.length + i] & 0xff;
            }
            fit.add(row);
        }
        return fit.image();
    }

    void add(int[] samples) {
        convert(samples);
        sumColumns();
        // Lengths in units of 1/(height * target.height) of the image, where both grids fall on whole numbers.
        long top = (long) row * target.height();
        long bottom = top + target.height();
        while (top < bottom) {
            long edge = (targetRow + 1L) * height;
            long end = Math.min(edge, bottom);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += across[i] * (end - top);
            }
            if (end == edge) {
                finishRow();
            }
            top = end;
        }
        row++;
    }

    Image image() {
        if (row != height) {
            throw new IllegalStateException(row + " of " + height + " rows");
        }
        return new Image(target, pixels);
    }

    private void convert(int[] samples) {
        int wanted = target.channels();
        if (channels == wanted) {
            System.arraycopy(samples, 0, converted, 0, converted.length);
        } else if (wanted == 1) {
            for (int x = 0; x < width; x++) {
                converted[x] = luminance(samples[3 * x], samples[3 * x + 1], samples[3 * x + 2]);
            }
        } else {
            for (int x = 0; x < width; x++) {
                Arrays.fill(converted, 3 * x, 3 * x + 3, samples[x]);
            }
        }
    }

    /** ITU-R BT.601 luma in 16-bit fixed point; the weights sum to one, so grey stays what it is. */
    static int luminance(int red, int green, int blue) {
        return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    }

    private void sumColumns() {
        int n = target.channels();
        Arrays.fill(across, 0);
        long left = 0;
        int to = 0;
        for (int from = 0; from < width; from++) {
            long right = (from + 1L) * target.width();
            while (left < right) {
                long edge = (to + 1L) * width;
                long end = Math.min(edge, right);
                for (int c = 0; c < n; c++) {
                    across[to * n + c] += converted[from * n + c] * (int) (end - left);
                }
                to = end == edge ? to + 1 : to;
                left = end;
            }
        }
    }

    private void finishRow() {
        long area = (long) width * height;
        int at = targetRow * sums.length;
        for (int i = 0; i < sums.length; i++) {
            pixels[at + i] = (byte) ((sums[i] + area / 2) / area);
        }
        Arrays.fill(sums, 0);
        targetRow++;
    }
}
