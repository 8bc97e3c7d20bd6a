package dev.eddy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdversarialLossTest {

    private static final int ROWS = 3;
    private static final float[] LOGITS = {0.3f, -1.2f, 2, -0.4f, 0.7f, 1.5f}; // real, then fake
    private static final float[] IMPORTANCE = {1, 0, 1};
    private static final float STEP = 1e-2f;

    @ParameterizedTest
    @EnumSource(GanConfig.Loss.class)
    void derivativesAreThoseOfTheLosses(GanConfig.Loss kind) {
        try (AdversarialLoss losses = new AdversarialLoss(kind, ROWS)) {
            judge(losses, LOGITS);
            float[] byLogit = losses.byLogit().values().clone();
            float[] byFake = losses.byFake().clone();
            for (int i = 0; i < LOGITS.length; i++) {
                GanLoss above = judge(losses, moved(i, STEP));
                GanLoss below = judge(losses, moved(i, -STEP));
                assertEquals((above.discriminator() - below.discriminator()) / (2 * STEP), byLogit[i], 1e-4);
                if (i >= ROWS) {
                    assertEquals((above.generator() - below.generator()) / (2 * STEP), byFake[i - ROWS], 1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(GanConfig.Loss.class)
    void accuraciesAreSharesOfAllRows(GanConfig.Loss kind) {
        try (AdversarialLoss losses = new AdversarialLoss(kind, ROWS)) {
            GanLoss loss = judge(losses, LOGITS);
            assertEquals(2.0 / 3, loss.realAccuracy());
            assertEquals(1.0 / 3, loss.fakeAccuracy());
            assertEquals(2.0 / 3, loss.pairAccuracy());
        }
    }

    private static float[] moved(int i, float by) {
        float[] logits = LOGITS.clone();
        logits[i] += by;
        return logits;
    }

    private static GanLoss judge(AdversarialLoss losses, float[] logits) {
        GanLoss loss = new GanLoss();
        losses.judge(logits, IMPORTANCE, 2, loss);
        return loss;
    }
}
