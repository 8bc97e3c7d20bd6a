package dev.eddy.model;

import dev.eddy.nn.Matrix;

/**
 * How generator and discriminator play: the losses of both sides on pairs of a real and a fake image, and their
 * derivatives by the discriminator's logits. Not thread-safe.
 */
final class AdversarialLoss implements AutoCloseable {

    private final boolean relativistic;
    private final int rows;
    private final Matrix byLogit; // (2 rows), the real ones first
    private final float[] byFake; // (rows)

    AdversarialLoss(GanConfig.Loss loss, int rows) {
        this.relativistic = loss == GanConfig.Loss.RELATIVISTIC;
        this.rows = rows;
        this.byLogit = new Matrix(1, 2 * rows);
        this.byFake = new float[rows];
    }

    /**
     * Computes losses, derivatives and accuracies.
     *
     * @param logits of the real images, then of the fake ones, (2 rows)
     * @param importance weight of each pair, (rows)
     * @param total sum of the weights, over 0
     * @param loss where the figures go
     */
    void judge(float[] logits, float[] importance, float total, GanLoss loss) {
        float[] c = byLogit.values();
        double lossOfGenerator = 0;
        double lossOfDiscriminator = 0;
        int realRight = 0;
        int fakeRight = 0;
        int pairsRight = 0;
        for (int row = 0; row < rows; row++) {
            float a = logits[row];
            float b = logits[rows + row];
            float share = importance[row] / total;
            realRight += a > 0 ? 1 : 0;
            fakeRight += b < 0 ? 1 : 0;
            pairsRight += a > b ? 1 : 0;
            if (relativistic) {
                lossOfDiscriminator += share * softplus(b - a);
                lossOfGenerator += share * softplus(a - b);
                c[row] = -share * sigmoid(b - a);
                c[rows + row] = share * sigmoid(b - a);
                byFake[row] = -share * sigmoid(a - b);
            } else {
                lossOfDiscriminator += share * (softplus(-a) + softplus(b));
                lossOfGenerator += share * softplus(-b);
                c[row] = -share * sigmoid(-a);
                c[rows + row] = share * sigmoid(b);
                byFake[row] = -share * sigmoid(-b);
            }
        }
        byLogit.toNative();
        loss.generator = lossOfGenerator;
        loss.discriminator = lossOfDiscriminator;
        loss.realAccuracy = (double) realRight / rows;
        loss.fakeAccuracy = (double) fakeRight / rows;
        loss.pairAccuracy = (double) pairsRight / rows;
    }

    /** The discriminator's loss by each logit, (2 rows), on both sides; the real images' first. */
    Matrix byLogit() {
        return byLogit;
    }

    /** The generator's loss by each fake image's logit, (rows). */
    float[] byFake() {
        return byFake;
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    /** Frees the off-heap array. */
    @Override
    public void close() {
        byLogit.close();
    }
}
