package dev.eddy.learn;

import dev.eddy.model.VaeScorer;
import dev.eddy.nn.Coverage;
import dev.eddy.nn.Gaussian;
import org.jspecify.annotations.Nullable;

/** The posterior means of the last images: what samples are compared with. For figures only, no part of the fold. */
final class RecentLatents {

    /** As many samples are generated to compare with. */
    static final int COUNT = 256;

    private final float[][] latents;
    private long seen;

    RecentLatents(int latent) {
        this.latents = new float[COUNT][latent];
    }

    void add(VaeScorer scorer, int rows) {
        for (int row = 0; row < rows; row++) {
            scorer.readMean(row, latents[(int) (seen++ % COUNT)], 0);
        }
    }

    void clear() {
        seen = 0;
    }

    boolean isFull() {
        return seen >= COUNT;
    }

    /** Compares {@link #COUNT} encoded samples with them; null until there are as many images. */
    @Nullable
    SampleQuality judge(float[][] samples) {
        if (!isFull()) {
            return null;
        }
        double distance = Gaussian.of(latents).frechetDistance(Gaussian.of(samples));
        return new SampleQuality(distance, Coverage.of(latents, samples));
    }
}
