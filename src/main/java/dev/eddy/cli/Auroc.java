package dev.eddy.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How well scores tell damaged images from ordinary ones: the area under the ROC curve. Not thread-safe. */
final class Auroc {

    private record Point(double score, boolean damaged) {}

    private final List<Point> points = new ArrayList<>();

    void add(double score, boolean damaged) {
        points.add(new Point(score, damaged));
    }

    /**
     * The share of pairs of a damaged and an ordinary image in which the damaged one scores higher, ties counting half
     * (Mann and Whitney's U); NaN if one of the two kinds is missing.
     */
    double value() {
        points.sort(Comparator.comparingDouble(Point::score));
        double rankSum = 0;
        long damaged = 0;
        for (int from = 0, to; from < points.size(); from = to) {
            to = from;
            while (to < points.size()
                    && points.get(to).score() == points.get(from).score()) {
                to++;
            }
            long inTie =
                    points.subList(from, to).stream().filter(Point::damaged).count();
            rankSum += inTie * (from + to + 1) / 2.0;
            damaged += inTie;
        }
        long ordinary = points.size() - damaged;
        return (rankSum - damaged * (damaged + 1) / 2.0) / ((double) damaged * ordinary);
    }
}
