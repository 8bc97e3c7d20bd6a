package dev.eddy.compare;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.nn.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/** Eddy's learner, in one pass or, as a ceiling, in several over a stream that is all there from the start. */
final class EddyDetector implements Detector {

    private final Learner learner;
    private final int passes;
    private final CounterRandom random;

    EddyDetector(LearnerConfig config, int passes) {
        this.learner = new Learner(config, 0);
        this.passes = passes;
        this.random = new CounterRandom(config.seed(), -7);
    }

    @Override
    public void stream(List<byte[]> images) {
        List<byte[]> order = new ArrayList<>(images);
        for (int pass = 0; pass < passes; pass++) {
            for (byte[] image : order) {
                learner.add(image);
                if (learner.isFull()) {
                    learner.train();
                }
            }
            random.at(pass, 0);
            for (int i = order.size() - 1; i > 0; i--) {
                int j = random.below(i + 1);
                byte[] image = order.get(i);
                order.set(i, order.get(j));
                order.set(j, image);
            }
        }
        learner.discard();
    }

    @Override
    public double[] test(List<byte[]> images) {
        int rows = learner.config().batchSize();
        double[] scores = new double[images.size()];
        for (int first = 0; first < scores.length; first += rows) {
            int n = Math.min(rows, scores.length - first);
            for (int row = 0; row < n; row++) {
                learner.add(images.get(first + row));
            }
            for (int row = 0; row < n; row++) {
                scores[first + row] = learner.score(row).score();
            }
            learner.discard();
        }
        return scores;
    }

    @Override
    public void close() {
        learner.close();
    }
}
