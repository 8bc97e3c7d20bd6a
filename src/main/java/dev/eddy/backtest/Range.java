package dev.eddy.backtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an axis shows, from {@code low} to {@code high}, low under high. */
record Range(double low, double high) {

    private static final int MOST_TICKS = 6;

    /** The range of values, those that are not finite left out; widened where they are all one. */
    static Range of(double... values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(1);
        if (high - low > 1e-12 * Math.abs(high)) {
            return new Range(low, high);
        }
        double margin = low == 0 ? 1 : Math.abs(low) / 10;
        return new Range(low - margin, high + margin);
    }

    /** The range without the outermost half percent at either end, so that a straggler does not flatten the rest. */
    static Range ofMost(double... values) {
        double[] sorted =
                Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        int cut = sorted.length / 200;
        return of(Arrays.copyOfRange(sorted, cut, sorted.length - cut));
    }

    /** The same down to 0, for what has a natural zero. */
    Range fromZero() {
        return new Range(Math.min(0, low), high);
    }

    /** With a twentieth more at the top. */
    Range withHeadroom() {
        return new Range(low, high + (high - low) / 20);
    }

    double clip(double value) {
        return Math.max(low, Math.min(high, value));
    }

    /** Round numbers within, at even distances. */
    List<Double> ticks() {
        double least = (high - low) / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double step = 10 * power;
        for (double factor : new double[] {5, 2, 1}) {
            step = factor * power >= least ? factor * power : step;
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
