package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;
import java.util.Arrays;

/** The last values of a sequence, with their mean, deviation and ranks as of the last {@link #settle}. */
final class Window {

    private final float[] values;
    private final long[] count = new long[1]; // ever added since the last clear
    private float[] sorted = {};
    private double mean;
    private double deviation = 1;

    Window(int capacity) {
        this.values = new float[capacity];
    }

    void add(double value) {
        values[(int) (count[0]++ % values.length)] = (float) value;
    }

    void clear() {
        count[0] = 0;
    }

    int capacity() {
        return values.length;
    }

    /** Values held, 0 to the capacity. */
    int size() {
        return (int) Math.min(count[0], values.length);
    }

    /** Brings mean, deviation and ranks in line with the values. */
    void settle() {
        int n = size();
        if (sorted.length != n) {
            sorted = new float[n];
        }
        System.arraycopy(values, 0, sorted, 0, n);
        Arrays.sort(sorted);
        double sum = 0;
        for (float value : sorted) {
            sum += value;
        }
        mean = n == 0 ? 0 : sum / n;
        double squares = 0;
        for (float value : sorted) {
            squares += (value - mean) * (value - mean);
        }
        double variance = n < 2 ? 1 : squares / (n - 1);
        deviation = variance > 1e-12 ? Math.sqrt(variance) : 1;
    }

    /** Of the values; 0 while there are none. */
    double mean() {
        return mean;
    }

    /** Standard deviation of the values, over 0. */
    double deviation() {
        return deviation;
    }

    /** The values in ascending order; a copy. */
    float[] sorted() {
        return sorted.clone();
    }

    /** The value in units of the window's deviation from its mean; unchanged while the window is empty. */
    double standardise(double value) {
        return (value - mean) / deviation;
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
    }
}
