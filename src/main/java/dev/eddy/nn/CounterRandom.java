package dev.eddy.nn;

/**
 * A counter-based generator: the numbers are a function of (seed, partition, step, purpose) and their index, so there
 * is no generator state to keep, to lose or to snapshot. Philox 4x32-10 (Salmon et al., "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011). Not thread-safe; streams of the same key are equal on every platform but for the last
 * digits of {@link #normals} in the tails, which use {@link Math#log}.
 */
public final class CounterRandom {

    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private final int key0;
    private final int key1;
    private final int partition;
    private final int[] block = new int[4];
    private int stepLow;
    private int stepHighAndPurpose;
    private int next;
    private int used;

    public CounterRandom(long seed, int partition) {
        this.key0 = (int) seed;
        this.key1 = (int) (seed >>> 32);
        this.partition = partition;
        at(0, 0);
    }

    /**
     * Goes to the start of the stream of one purpose at one step.
     *
     * @param step 0 to 2^55
     * @param purpose 0 to 255
     */
    public void at(long step, int purpose) {
        this.stepLow = (int) step;
        this.stepHighAndPurpose = ((int) (step >>> 32) << 8) | (purpose & 0xFF);
        this.next = 0;
        this.used = 4;
    }

    /** 32 uniform bits. */
    int bits() {
        if (used == 4) {
            philox(next++);
            used = 0;
        }
        return block[used++];
    }

    /** Uniform over the open interval (0, 1), on a grid of 2^-32. */
    public double uniform() {
        return ((bits() & 0xFFFFFFFFL) + 0.5) * 0x1p-32;
    }

    /** Uniform over 0 to {@code bound - 1}. */
    public int below(int bound) {
        return (int) (((bits() & 0xFFFFFFFFL) * bound) >>> 32);
    }

    /** Fills the first {@code length} places with independent standard normals. */
    public void normals(float[] values, int length) {
        for (int i = 0; i < length; i++) {
            values[i] = (float) inverseNormal(uniform());
        }
    }

    private void philox(int index) {
        int c0 = index;
        int c1 = stepLow;
        int c2 = stepHighAndPurpose;
        int c3 = partition;
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < 10; round++) {
            long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        block[0] = c0;
        block[1] = c1;
        block[2] = c2;
        block[3] = c3;
    }

    /** The standard normal's quantile function, relative error under 1.2e-9 (Acklam's rational approximations). */
    static double inverseNormal(double p) {
        if (p < 0.02425) {
            return tail(Math.sqrt(-2 * Math.log(p)));
        }
        if (p > 1 - 0.02425) {
            return -tail(Math.sqrt(-2 * Math.log(1 - p)));
        }
        double q = p - 0.5;
        double r = q * q;
        double numerator =
                ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
                                        - 30.66479806614716)
                                * r
                        + 2.506628277459239;
        double denominator =
                ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
                                        - 13.28068155288572)
                                * r
                        + 1;
        return numerator * q / denominator;
    }

    private static double tail(double q) {
        double numerator =
                ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734)
                                                * q
                                        + 4.374664141464968)
                                * q
                        + 2.938163982698783;
        double denominator =
                (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q
                        + 1;
        return numerator / denominator;
    }
}
