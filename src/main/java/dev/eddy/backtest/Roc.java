package dev.eddy.backtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receiver operating characteristic of a score: what share of the anomalous is found at what share of false alarms,
 * from the highest threshold to the lowest.
 *
 * @param points from (0, 0) to (1, 1), one per distinct score
 * @param area under the curve: the share of pairs in which the anomalous one scores higher, ties counting half
 */
public record Roc(List<Point> points, double area) {

    /** One threshold: shares over it, 0 to 1. */
    public record Point(double falsePositiveRate, double truePositiveRate) {}

    public Roc {
        points = List.copyOf(points);
    }

    /** The curve, in O(n log n); null if one of the two sides is empty. The arrays are left as they are. */
    public static @Nullable Roc of(double[] normal, double[] anomalous) {
        if (normal.length == 0 || anomalous.length == 0) {
            return null;
        }
        double[] negatives = normal.clone();
        double[] positives = anomalous.clone();
        Arrays.sort(negatives);
        Arrays.sort(positives);
        List<Point> points = new ArrayList<>();
        points.add(new Point(0, 0));
        int n = negatives.length;
        int p = positives.length;
        double pairs = 0;
        while (n > 0 || p > 0) {
            double threshold = highest(negatives, n, positives, p);
            int newN = under(negatives, n, threshold);
            int newP = under(positives, p, threshold);
            double found = positives.length - p;
            pairs += (n - newN) * (found + (p - newP) / 2.0);
            n = newN;
            p = newP;
            points.add(new Point(1 - (double) n / negatives.length, 1 - (double) p / positives.length));
        }
        return new Roc(points, pairs / ((double) negatives.length * positives.length));
    }

    private static double highest(double[] a, int n, double[] b, int m) {
        if (n == 0 || m == 0) {
            return n == 0 ? b[m - 1] : a[n - 1];
        }
        return Double.compare(a[n - 1], b[m - 1]) > 0 ? a[n - 1] : b[m - 1];
    }

    /** How many of the first {@code n} sorted values lie under the threshold. */
    private static int under(double[] sorted, int n, double threshold) {
        int left = n;
        while (left > 0 && Double.compare(sorted[left - 1], threshold) >= 0) {
            left--;
        }
        return left;
    }
}
