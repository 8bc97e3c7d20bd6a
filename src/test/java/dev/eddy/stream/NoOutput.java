package dev.eddy.stream;

import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.Score;
import dev.eddy.sync.Contribution;
import org.jspecify.annotations.Nullable;

/** Where nothing arrives; of a model of its own, which contributes to none. */
class NoOutput implements Output {

    @Override
    public void score(PendingImage image, Score score) {}

    @Override
    public void anomaly(PendingImage image, Score score, float[] reconstruction) {}

    @Override
    public void samples(SampleKind kind, long step, float[][] images) {}

    @Override
    public long contribution(Contribution contribution) {
        throw new AssertionError("a model of its own contributes to none");
    }

    @Override
    public void model(String key, byte @Nullable [] value) {}

    @Override
    public void ordinary(PendingImage image, float[] reconstruction) {}
}
