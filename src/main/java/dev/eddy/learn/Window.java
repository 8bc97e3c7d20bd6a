package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;
import java.util.Arrays;

/**
 * The last values of a sequence, with their median, spread and ranks as of the last {@link #settle}. The spread is the
 * median distance from the median, in units that make it the deviation of normal values; a few strange values move
 * neither.
 */
final class Window {

    /** Deviation of a normal distribution over its median absolute deviation. */
    private static final double NORMAL = 1.4826;

    private static final double SMALLEST = 1e-6;

    /** So many that all are sorted anew. */
    private static final int MANY = Integer.MAX_VALUE;

    private final float[] values;
    private final long[] count = new long[1]; // ever added since the last clear
    private float[] sorted = {};
    private float[] next = {}; // what is to be sorted
    private final float[] arrived; // since the last settle, where as many left
    private final float[] left;
    private int moved = MANY; // that arrived and left
    private double median;
    private double spread = 1;

    Window(int capacity) {
        this.values = new float[capacity];
        this.arrived = new float[capacity / 4];
        this.left = new float[capacity / 4];
    }

    void add(double value) {
        int slot = (int) (count[0]++ % values.length);
        if (count[0] <= values.length || moved >= arrived.length) {
            moved = MANY;
        } else {
            left[moved] = values[slot];
            arrived[moved++] = (float) value;
        }
        values[slot] = (float) value;
    }

    void clear() {
        count[0] = 0;
        moved = MANY;
    }

    int capacity() {
        return values.length;
    }

    /** Values held, 0 to the capacity. */
    int size() {
        return (int) Math.min(count[0], values.length);
    }

    /** Brings median, spread and ranks in line with the values. */
    void settle() {
        int n = size();
        if (next.length != n) {
            next = new float[n];
        }
        if (moved == MANY) {
            System.arraycopy(values, 0, next, 0, n);
            Arrays.sort(next);
        } else {
            merge();
        }
        float[] before = sorted;
        sorted = next;
        next = before;
        moved = n == values.length ? 0 : MANY;
        median = n == 0 ? 0 : sorted[n / 2];
        double found = n < 2 ? 0 : NORMAL * medianDistance();
        spread = found > SMALLEST ? found : 1;
    }

    /** The sorted values without those that left, with those that arrived: a tenth of sorting them. */
    private void merge() {
        Arrays.sort(arrived, 0, moved);
        Arrays.sort(left, 0, moved);
        int to = 0;
        int in = 0;
        int out = 0;
        for (float value : sorted) {
            if (out < moved && Float.compare(value, left[out]) == 0) {
                out++;
                continue;
            }
            while (in < moved && Float.compare(arrived[in], value) < 0) {
                next[to++] = arrived[in++];
            }
            next[to++] = value;
        }
        System.arraycopy(arrived, in, next, to, moved - in);
    }

    /** The median distance from the median: the sorted values are walked from the middle outwards. */
    private double medianDistance() {
        int n = sorted.length;
        int below = n / 2;
        int above = n / 2 + 1;
        float distance = 0;
        for (int i = 0; i <= n / 2; i++) {
            float down = below >= 0 ? (float) (median - sorted[below]) : Float.POSITIVE_INFINITY;
            float up = above < n ? (float) (sorted[above] - median) : Float.POSITIVE_INFINITY;
            if (up < down) {
                distance = up;
                above++;
            } else {
                distance = down;
                below--;
            }
        }
        return distance;
    }

    /** Of the values; 0 while there are none. */
    double median() {
        return median;
    }

    /** The median distance from the median, in units of a normal distribution's deviation; over 0. */
    double spread() {
        return spread;
    }

    /** The values in ascending order; a copy. */
    float[] sorted() {
        return sorted.clone();
    }

    /** The value in units of the window's spread from its median; unchanged while the window is empty. */
    double standardise(double value) {
        return (value - median) / spread;
    }

    /** Whether the last {@link #settle} found no value. */
    boolean isEmpty() {
        return sorted.length == 0;
    }

    /** How many values are at least {@code value}. */
    int atLeast(double value) {
        float key = (float) value;
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] >= key) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return sorted.length - low;
    }

    /** The value under which a share {@code q} of the values lies; infinite while the window is empty. */
    double quantile(double q) {
        int n = sorted.length;
        return n == 0 ? Double.POSITIVE_INFINITY : sorted[Math.min(n - 1, (int) (q * n))];
    }

    void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/count", count);
        visitor.floats(name + "/values", values);
        moved = MANY; // they may be others now
    }
}
