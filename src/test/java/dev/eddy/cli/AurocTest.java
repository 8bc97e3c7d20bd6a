package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AurocTest {

    @Test
    void isTheShareOfPairsInTheRightOrder() {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            Auroc auroc = new Auroc();
            double[] scores = new double[40];
            boolean[] damaged = new boolean[scores.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextInt(12); // with ties
                damaged[i] = i == 0 || (i > 1 && random.nextInt(4) == 0);
                auroc.add(scores[i], damaged[i]);
            }
            assertEquals(shareOfPairs(scores, damaged), auroc.value(), 1e-12);
        }
    }

    @Test
    void oneKindAloneCannotBeJudged() {
        Auroc auroc = new Auroc();
        assertTrue(Double.isNaN(auroc.value()));
        auroc.add(1, true);
        assertTrue(Double.isNaN(auroc.value()));
    }

    private static double shareOfPairs(double[] scores, boolean[] damaged) {
        double right = 0;
        int pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (damaged[i] && !damaged[j]) {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }
        return right / pairs;
    }
}
