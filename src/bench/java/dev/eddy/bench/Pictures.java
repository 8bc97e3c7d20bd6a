package dev.eddy.bench;

import java.util.Random;

/** Made pictures, equal in both processes: soft bright shapes on black, about as sparse as photographs of clothes. */
public final class Pictures {

    private Pictures() {}

    /** {@code count} pictures of 28 by 28 grey values. */
    public static byte[][] bytes(int count) {
        Random random = new Random(7);
        byte[][] pictures = new byte[count][Preset.SIZE];
        for (byte[] picture : pictures) {
            double x = 10 + 8 * random.nextDouble();
            double y = 10 + 8 * random.nextDouble();
            double width = 4 + 6 * random.nextDouble();
            double height = 4 + 6 * random.nextDouble();
            for (int i = 0; i < picture.length; i++) {
                double dx = (i % 28 - x) / width;
                double dy = (Math.floorDiv(i, 28) - y) / height;
                double value = 320 * (1 - dx * dx - dy * dy) + 30 * random.nextGaussian();
                picture[i] = (byte) (dx * dx + dy * dy > 1 ? 0 : Math.max(0, Math.min(255, value)));
            }
        }
        return pictures;
    }

    /** The first {@code count} of them as values in [0, 1], row by row. */
    public static float[] floats(int count) {
        byte[][] pictures = bytes(count);
        float[] values = new float[count * Preset.SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pictures[i / Preset.SIZE][i % Preset.SIZE] & 0xFF) / 255f;
        }
        return values;
    }
}
