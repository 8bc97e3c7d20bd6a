package dev.eddy.telemetry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The last points of the page's time series, each the mean over a number of samples. Thread-safe. */
final class History {

    /**
     * The columns. Rates are records a second, losses and accuracies means over the partitions that train, lag is a sum
     * over the partitions, score quantiles are those of the time since the sample before.
     */
    enum Column {
        RECEIVED,
        SCORED,
        ANOMALOUS,
        DEAD_LETTERED,
        LAG,
        VAE_LOSS,
        VAE_RECONSTRUCTION,
        VAE_KL,
        GENERATOR_LOSS,
        DISCRIMINATOR_LOSS,
        REAL_ACCURACY,
        FAKE_ACCURACY,
        SCORE_P50,
        SCORE_P90,
        SCORE_P99
    }

    /**
     * The means of some samples.
     *
     * @param millis Unix time of the last one
     * @param values without the columns that had no value
     */
    record Point(long millis, Map<Column, Double> values) {}

    private record Sum(double sum, int count) {

        static final Sum NONE = new Sum(0, 0);

        Sum plus(double value) {
            return new Sum(sum + value, count + 1);
        }

        double mean() {
            return sum / count;
        }
    }

    private final int samplesPerPoint;
    private final int capacity;
    private final Deque<Point> points = new ArrayDeque<>();
    private final Map<Column, Sum> sums = new EnumMap<>(Column.class);
    private int samples;

    History(int samplesPerPoint, int capacity) {
        this.samplesPerPoint = samplesPerPoint;
        this.capacity = capacity;
    }

    /** Adds a sample, which may lack columns. */
    synchronized void add(long millis, Map<Column, Double> values) {
        values.forEach((column, value) ->
                sums.put(column, sums.getOrDefault(column, Sum.NONE).plus(value)));
        samples++;
        if (samples == samplesPerPoint) {
            Map<Column, Double> means = new EnumMap<>(Column.class);
            sums.forEach((column, sum) -> means.put(column, sum.mean()));
            points.addLast(new Point(millis, means));
            if (points.size() > capacity) {
                points.removeFirst();
            }
            sums.clear();
            samples = 0;
        }
    }

    /** The points later than a Unix time, oldest first. */
    synchronized List<Point> since(long millis) {
        List<Point> later = new ArrayList<>();
        for (Point point : points) {
            if (point.millis > millis) {
                later.add(point);
            }
        }
        return later;
    }
}
