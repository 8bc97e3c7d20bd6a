package dev.eddy.compare;

import com.amazon.randomcutforest.RandomCutForest;
import dev.eddy.nn.CounterRandom;
import java.util.List;

/** Amazon's Random Cut Forest (Guha et al., ICML 2016), on pixels or on a random projection of them. */
final class CutForest implements Detector {

    private static final int TREES = 50;
    private static final int SAMPLE = 256;

    private final RandomCutForest forest;
    private final float[] input;
    private final float[][] projection; // (dimensions, size); none for pixels

    /** @param dimensions of the projection, 0 for pixels */
    CutForest(int size, int dimensions, long seed) {
        this.input = new float[dimensions == 0 ? size : dimensions];
        this.projection = new float[dimensions][size];
        CounterRandom random = new CounterRandom(seed, -8);
        random.at(0, 0);
        for (float[] row : projection) {
            random.normals(row, size);
        }
        this.forest = RandomCutForest.builder()
                .dimensions(input.length)
                .numberOfTrees(TREES)
                .sampleSize(SAMPLE)
                .parallelExecutionEnabled(false)
                .randomSeed(seed)
                .build();
    }

    @Override
    public void stream(List<byte[]> images) {
        for (byte[] image : images) {
            read(image);
            forest.getAnomalyScore(input);
            forest.update(input);
        }
    }

    @Override
    public double[] test(List<byte[]> images) {
        double[] scores = new double[images.size()];
        for (int i = 0; i < scores.length; i++) {
            read(images.get(i));
            scores[i] = forest.getAnomalyScore(input);
        }
        return scores;
    }

    private void read(byte[] image) {
        if (projection.length == 0) {
            for (int i = 0; i < image.length; i++) {
                input[i] = (image[i] & 0xFF) / 255f;
            }
            return;
        }
        for (int row = 0; row < projection.length; row++) {
            float sum = 0;
            for (int i = 0; i < image.length; i++) {
                sum += projection[row][i] * (image[i] & 0xFF);
            }
            input[row] = sum / 255f;
        }
    }
}
