package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;
import java.util.Arrays;

/**
 * An alarm that what is normal has changed. Bets against the p-values being uniform: each is turned into e-values
 * {@code c p^(c-1)}, whose mean is 1 when p is uniform (or larger), and large when p-values stay small. A Shiryaev-
 * Roberts sum of their products crosses {@code runLength} in a stationary stream on average no sooner than after
 * {@code runLength} records: with R the sum, R - n is a martingale (Shin, Ramdas and Rinaldo, "E-detectors", 2023;
 * conformal test martingales: Vovk et al. 2005). The guarantee holds as far as the p-values of recent scores are
 * independent. Those of one micro-batch rank against the same window, so they are not quite: harmless while the window
 * is large against the micro-batch, not if it is smaller.
 */
final class DriftDetector {

    /** The exponents c: small ones for abrupt changes, large ones for faint. */
    private static final double[] EXPONENTS = {0.2, 0.4, 0.6, 0.8};

    private final double runLength;
    private final double[] sums = new double[EXPONENTS.length];
    private final long[] alarms = new long[1];

    DriftDetector(double runLength) {
        this.runLength = runLength;
    }

    /** Takes the next p-value; returns whether it raises the alarm, after which the evidence starts anew. */
    boolean add(double pValue) {
        double logP = Math.log(pValue);
        for (int i = 0; i < EXPONENTS.length; i++) {
            double c = EXPONENTS[i];
            sums[i] = (1 + sums[i]) * c * Math.exp((c - 1) * logP);
        }
        if (evidence() < runLength) {
            return false;
        }
        Arrays.fill(sums, 0);
        alarms[0]++;
        return true;
    }

    /** The evidence for a change, 0 to {@code runLength}. */
    double evidence() {
        double sum = 0;
        for (double value : sums) {
            sum += value;
        }
        return sum / sums.length;
    }

    /** Alarms raised so far. */
    long alarms() {
        return alarms[0];
    }

    void visit(String name, StateVisitor visitor) {
        visitor.doubles(name + "/sums", sums);
        visitor.longs(name + "/alarms", alarms);
    }
}
