package dev.eddy.backtest;

import dev.eddy.image.Geometry;
import dev.eddy.nn.CounterRandom;

/** Ways to damage a grey picture, so that normal pictures yield anomalous ones. */
enum Spoilt {
    INVERTED,
    /** By 90 degrees, clockwise; square pictures only. */
    ROTATED,
    /** By 6 pixels to the right, black moving in. */
    SHIFTED,
    /** A black square of 10 pixels a side, anywhere. */
    OCCLUDED,
    /** Normal noise of sigma 0.2, clipped. */
    NOISY,
    /** Quarters of quarters, in an order drawn for each picture: same values, no shape. */
    SCRAMBLED;

    private static final int SHIFT = 6;
    private static final int SQUARE = 10;
    private static final double SIGMA = 0.2;
    private static final int BLOCKS = 4; // a side

    byte[] of(byte[] image, Geometry geometry, CounterRandom random) {
        int w = geometry.width();
        int h = geometry.height();
        byte[] spoilt = new byte[image.length];
        switch (this) {
            case INVERTED -> fill(spoilt, i -> 255 - (image[i] & 0xFF));
            case ROTATED -> fill(spoilt, i -> image[(h - 1 - i % w) * w + i / w]);
            case SHIFTED -> fill(spoilt, i -> i % w < SHIFT ? 0 : image[i - SHIFT]);
            case OCCLUDED -> {
                int left = random.below(w - SQUARE + 1);
                int top = random.below(h - SQUARE + 1);
                fill(spoilt, i -> {
                    boolean inside = i % w >= left && i % w < left + SQUARE && i / w >= top && i / w < top + SQUARE;
                    return inside ? 0 : image[i];
                });
            }
            case NOISY -> {
                float[] noise = new float[image.length];
                random.normals(noise, noise.length);
                fill(spoilt, i ->
                        (int) Math.max(0, Math.min(255, Math.round((image[i] & 0xFF) + 255 * SIGMA * noise[i]))));
            }
            case SCRAMBLED -> {
                int[] order = order(random);
                int bw = w / BLOCKS;
                int bh = h / BLOCKS;
                fill(spoilt, i -> {
                    int x = i % w;
                    int y = i / w;
                    int from = order[y / bh * BLOCKS + x / bw];
                    return image[(from / BLOCKS * bh + y % bh) * w + from % BLOCKS * bw + x % bw];
                });
            }
        }
        return spoilt;
    }

    private static int[] order(CounterRandom random) {
        int[] order = new int[BLOCKS * BLOCKS];
        for (int i = 0; i < order.length; i++) {
            int j = random.below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private interface Pixel {
        int at(int index);
    }

    private static void fill(byte[] target, Pixel pixel) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (byte) pixel.at(i);
        }
    }
}
