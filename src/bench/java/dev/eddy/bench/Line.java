package dev.eddy.bench;

import java.io.IOException;
import java.util.Arrays;

/**
 * One line of the table under way: a case's times on both sides, round by round. A round is a slice of time, or as many
 * units as hold all that the work does once in a while, if that is longer.
 */
final class Line {

    private static final long SLICE_NANOS = 1_000_000L * Long.getLong("eddy.bench.sliceMillis", 60);
    private static final int WARM_UP = 8; // slices

    private final Case what;
    private final double[] eddy; // nanoseconds of a unit
    private final double[] peer;
    private int eddyIterations;
    private int peerIterations;

    Line(Case what, int rounds) {
        this.what = what;
        this.eddy = new double[rounds];
        this.peer = new double[rounds];
    }

    Case what() {
        return what;
    }

    /** Runs both sides until they are compiled, and sees how many units fill a slice of time. */
    void warmUp(Side eddySide, Side peerSide) throws IOException {
        eddyIterations = warmUp(eddySide);
        peerIterations = warmUp(peerSide);
    }

    private int warmUp(Side side) throws IOException {
        int iterations = 1;
        int units = 0;
        long spent = 0;
        long last = 1;
        while (spent < WARM_UP * SLICE_NANOS || units < what.settled()) {
            last = side.nanos(what, iterations);
            spent += last;
            units += iterations;
            if (last < SLICE_NANOS / 2) {
                iterations *= 2;
            }
        }
        long slice = Math.max(1, iterations * SLICE_NANOS / last);
        return (int) ((slice + what.period() - 1) / what.period()) * what.period();
    }

    /** One round; who comes first changes from round to round. */
    void time(int round, Side eddySide, Side peerSide) throws IOException {
        if (round % 2 == 0) {
            eddy[round] = time(eddySide, eddyIterations);
            peer[round] = time(peerSide, peerIterations);
        } else {
            peer[round] = time(peerSide, peerIterations);
            eddy[round] = time(eddySide, eddyIterations);
        }
    }

    private double time(Side side, int iterations) throws IOException {
        return (double) side.nanos(what, iterations) / iterations;
    }

    /** Libtorch's time over Eddy's: the median of the rounds' ratios. */
    double ratio() {
        double[] ratios = new double[eddy.length];
        Arrays.setAll(ratios, i -> peer[i] / eddy[i]);
        return Medians.median(ratios);
    }

    double eddyMillis() {
        return Medians.median(eddy) / 1e6;
    }

    double peerMillis() {
        return Medians.median(peer) / 1e6;
    }

    /** Share of the fastest sgemm, {@code limit} in floating-point operations a second, that Eddy reaches. */
    double sgemmFraction(double limit) {
        return Flops.of(what) / Medians.median(eddy) * 1e9 / limit;
    }
}
