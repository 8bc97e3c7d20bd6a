package dev.eddy.image;

import java.util.List;

/** What a person looks at to see why a record was flagged: input, reconstruction and where they differ, as one PNG. */
public final class ErrorMap {

    /** Inferno of matplotlib at nine equal steps: perceptually even, and brighter always means more. */
    private static final int[] RAMP = {
        0x000004, 0x210c4a, 0x56106e, 0x89226a, 0xbb3754, 0xe35932, 0xf98c0a, 0xf9c932, 0xfcffa4
    };

    private static final int LEAST_SIDE = 8; // pixels

    private ErrorMap() {}

    /** As {@link #png(Geometry, byte[], float[], int, long)}, of whatever size. */
    public static byte[] png(Geometry geometry, byte[] input, float[] reconstruction, int scale) {
        return png(geometry, input, reconstruction, scale, Long.MAX_VALUE);
    }

    /**
     * Three panels from left to right: the input, the reconstruction, and their absolute difference (mean over the
     * channels) from 0 (black) to 1 (pale yellow), the same scale in every picture.
     *
     * @param input {@code geometry.size()} values, 0 to 255 unsigned
     * @param reconstruction {@code geometry.size()} values in [0, 1]
     * @param scale enlargement, at least 1; see {@link ImageGrid#viewableScale}
     * @param mostBytes what the file should not exceed: the panels are made smaller for that, to 8 pixels a side
     */
    public static byte[] png(Geometry geometry, byte[] input, float[] reconstruction, int scale, long mostBytes) {
        byte[] output = ImageGrid.bytes(reconstruction);
        Geometry colour = new Geometry(geometry.width(), geometry.height(), 3);
        List<byte[]> panels = List.of(
                inColour(geometry, input), inColour(geometry, output), difference(geometry, input, reconstruction));
        byte[] png = ImageGrid.png(colour, panels, 3, scale);
        int side = Math.max(geometry.width(), geometry.height());
        for (int part = 1; png.length > mostBytes && side / part >= LEAST_SIDE; part *= 2) {
            Geometry smaller =
                    new Geometry(Math.max(1, geometry.width() / part), Math.max(1, geometry.height() / part), 3);
            List<byte[]> fitted = panels.stream()
                    .map(panel -> Fit.image(new Image(colour, panel), smaller).pixels())
                    .toList();
            png = ImageGrid.png(smaller, fitted, 3, 1);
        }
        return png;
    }

    private static byte[] inColour(Geometry geometry, byte[] pixels) {
        if (geometry.channels() == 3) {
            return pixels;
        }
        byte[] colour = new byte[pixels.length * 3];
        for (int i = 0; i < colour.length; i++) {
            colour[i] = pixels[i / 3];
        }
        return colour;
    }

    private static byte[] difference(Geometry geometry, byte[] input, float[] reconstruction) {
        int n = geometry.channels();
        byte[] panel = new byte[geometry.width() * geometry.height() * 3];
        for (int i = 0; i < geometry.width() * geometry.height(); i++) {
            float sum = 0;
            for (int c = 0; c < n; c++) {
                sum += Math.abs((input[i * n + c] & 0xff) / 255f - reconstruction[i * n + c]);
            }
            int colour = colour(sum / n);
            panel[3 * i] = (byte) (colour >> 16);
            panel[3 * i + 1] = (byte) (colour >> 8);
            panel[3 * i + 2] = (byte) colour;
        }
        return panel;
    }

    /** The ramp's colour at a value in [0, 1] as 0xRRGGBB, linear between the steps. */
    static int colour(float value) {
        float place = Math.max(0f, Math.min(1f, value)) * (RAMP.length - 1);
        int step = Math.min((int) place, RAMP.length - 2);
        float part = place - step;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = RAMP[step] >> shift & 0xff;
            int to = RAMP[step + 1] >> shift & 0xff;
            colour |= Math.round(from + (to - from) * part) << shift;
        }
        return colour;
    }
}
