package dev.eddy.backtest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.backtest.Roc.Point;
import dev.eddy.nn.CounterRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocTest {

    private static double area(double[] normal, double[] anomalous) {
        Roc roc = Roc.of(normal, anomalous);
        assertNotNull(roc);
        return roc.area();
    }

    @Test
    void valuesByHand() {
        assertEquals(1, area(new double[] {1, 2}, new double[] {3, 4}));
        assertEquals(0, area(new double[] {3, 4}, new double[] {1, 2}));
        assertEquals(0.5, area(new double[] {7, 7, 7}, new double[] {7, 7}));
        assertEquals(0.75, area(new double[] {1, 3}, new double[] {2, 4}));
        assertEquals(4.0 / 6, area(new double[] {1, 2, 3}, new double[] {2, 3}), 1e-15);
        assertEquals(1, area(new double[] {-1}, new double[] {Double.POSITIVE_INFINITY}));
    }

    @Test
    void theCurveRunsFromTheStrictestThresholdToTheLaxest() {
        Roc roc = Roc.of(new double[] {1, 3, 3, 0}, new double[] {4, 3});
        assertNotNull(roc);
        assertEquals(
                List.of(new Point(0, 0), new Point(0, 0.5), new Point(0.5, 1), new Point(0.75, 1), new Point(1, 1)),
                roc.points());
        assertEquals(7.0 / 8, roc.area());
    }

    @Test
    void oneSideAloneHasNoCurve() {
        assertNull(Roc.of(new double[0], new double[] {1}));
        assertNull(Roc.of(new double[] {1}, new double[0]));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theAreaIsTheShareOfPairsAndTheTrapeziumUnderTheCurve(long seed) {
        CounterRandom random = new CounterRandom(seed, 0);
        double[] normal = new double[1 + random.below(300)];
        double[] anomalous = new double[1 + random.below(300)];
        int values = 1 + random.below(100); // few, so that there are ties
        java.util.Arrays.setAll(normal, i -> random.below(values));
        java.util.Arrays.setAll(anomalous, i -> random.below(values) + random.below(3));
        double[] before = normal.clone();
        double pairs = 0;
        for (double n : normal) {
            for (double a : anomalous) {
                pairs += a > n ? 1 : a == n ? 0.5 : 0;
            }
        }
        Roc roc = Roc.of(normal, anomalous);
        assertNotNull(roc);
        assertEquals(pairs / ((double) normal.length * anomalous.length), roc.area(), 1e-12);
        double trapezium = 0;
        for (int i = 1; i < roc.points().size(); i++) {
            Point left = roc.points().get(i - 1);
            Point right = roc.points().get(i);
            assertTrue(right.falsePositiveRate() >= left.falsePositiveRate());
            trapezium += (right.falsePositiveRate() - left.falsePositiveRate())
                    * (right.truePositiveRate() + left.truePositiveRate())
                    / 2;
        }
        assertEquals(trapezium, roc.area(), 1e-12);
        assertArrayEquals(before, normal);
    }
}
