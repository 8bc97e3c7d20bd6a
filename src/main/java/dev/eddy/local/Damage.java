package dev.eddy.local;

import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** What can be wrong with a picture on an inspection line: with the part, with the light or with the camera. */
public enum Damage {

    /** Something lies on the part: a rectangle of one grey, a third to a half of the picture a side. */
    OCCLUSION {
        @Override
        void apply(byte[] pixels, Geometry g, Random random) {
            int width = between(random, g.width() / 3, g.width() / 2);
            int height = between(random, g.height() / 3, g.height() / 2);
            int left = between(random, g.width() / 8, g.width() - width - g.width() / 8);
            int top = between(random, g.height() / 8, g.height() - height - g.height() / 8);
            byte value = (byte) between(random, 96, 255);
            for (int y = top; y < top + height; y++) {
                int from = (y * g.width() + left) * g.channels();
                Arrays.fill(pixels, from, from + width * g.channels(), value);
            }
        }
    },

    /** A bright line right across, at any angle, through the middle half; as wide as a fourteenth of the picture. */
    SCRATCH {
        @Override
        void apply(byte[] pixels, Geometry g, Random random) {
            double angle = Math.PI * random.nextDouble();
            double nx = StrictMath.sin(angle);
            double ny = StrictMath.cos(angle);
            double x0 = g.width() * (0.25 + 0.5 * random.nextDouble());
            double y0 = g.height() * (0.25 + 0.5 * random.nextDouble());
            double halfWidth = Math.max(1, Math.min(g.width(), g.height()) / 14.0) / 2;
            byte value = (byte) between(random, 200, 255);
            for (int y = 0; y < g.height(); y++) {
                for (int x = 0; x < g.width(); x++) {
                    if (Math.abs((x + 0.5 - x0) * nx + (y + 0.5 - y0) * ny) <= halfWidth) {
                        int from = (y * g.width() + x) * g.channels();
                        Arrays.fill(pixels, from, from + g.channels(), value);
                    }
                }
            }
        }
    },

    /** The light falls from behind: dark is bright and bright is dark. */
    INVERSION {
        @Override
        void apply(byte[] pixels, Geometry g, Random random) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) ~pixels[i];
            }
        }
    },

    /** Out of focus: the mean over a square of a quarter of the picture a side. */
    BLUR {
        @Override
        void apply(byte[] pixels, Geometry g, Random random) {
            int radius = Math.max(1, Math.min(g.width(), g.height()) / 8);
            byte[] rows = pixels.clone();
            average(rows, pixels, g.channels(), g.width(), g.width() * g.channels(), g.height(), radius);
            rows = pixels.clone();
            average(rows, pixels, g.width() * g.channels(), g.height(), g.channels(), g.width(), radius);
        }

        /** Along lines of {@code length} pixels that are {@code step} values apart. */
        private void average(byte[] from, byte[] to, int step, int length, int lineStep, int lines, int radius) {
            int channels = Math.min(step, lineStep);
            for (int line = 0; line < lines; line++) {
                for (int i = 0; i < length; i++) {
                    int first = Math.max(0, i - radius);
                    int last = Math.min(length - 1, i + radius);
                    for (int c = 0; c < channels; c++) {
                        int sum = 0;
                        for (int k = first; k <= last; k++) {
                            sum += from[line * lineStep + k * step + c] & 0xff;
                        }
                        to[line * lineStep + i * step + c] = (byte) (sum / (last - first + 1));
                    }
                }
            }
        }
    },

    /** A hot or badly shielded sensor: normal noise with a deviation of 50 of 255. */
    NOISE {
        @Override
        void apply(byte[] pixels, Geometry g, Random random) {
            for (int i = 0; i < pixels.length; i++) {
                long value = (pixels[i] & 0xff) + Math.round(50 * random.nextGaussian());
                pixels[i] = (byte) Math.max(0, Math.min(255, value));
            }
        }
    };

    /** A damaged copy, a function of the image, the seed and the index alone. */
    public Image damaged(Image image, long seed, long index) {
        byte[] pixels = image.pixels().clone();
        apply(pixels, image.geometry(), Seeds.random(seed, index, this));
        return new Image(image.geometry(), pixels);
    }

    /** The name in lower case, as headers have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract void apply(byte[] pixels, Geometry geometry, Random random);

    /** A whole number from {@code low} to {@code high}, both possible; {@code low} if the range is empty. */
    private static int between(Random random, int low, int high) {
        return high <= low ? low : low + random.nextInt(high - low + 1);
    }
}
