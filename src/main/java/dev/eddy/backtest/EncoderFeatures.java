package dev.eddy.backtest;

import dev.eddy.learn.Learner;
import java.util.List;

/** The last hidden layer of the VAE's encoder: needs no labels, so it can be had in production too. */
record EncoderFeatures(Learner learner) implements FeatureSpace {

    @Override
    public String name() {
        return "encoder";
    }

    @Override
    public float[][] features(List<byte[]> pictures) {
        float[][] features = new float[pictures.size()][];
        int rows = learner.config().batchSize();
        for (int start = 0; start < features.length; start += rows) {
            int n = Math.min(rows, features.length - start);
            for (int row = 0; row < n; row++) {
                learner.add(pictures.get(start + row));
            }
            for (int row = 0; row < n; row++) {
                features[start + row] = learner.features(row);
            }
            learner.discard();
        }
        return features;
    }
}
