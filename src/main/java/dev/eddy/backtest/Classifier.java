package dev.eddy.backtest;

import dev.eddy.nn.Adam;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Gradients;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Parameters;
import dev.eddy.nn.Pass;
import java.util.List;

/**
 * A small classifier of the labelled images (pixels-256-64-classes, ReLU, softmax), whose 64 features before the last
 * layer tell how far samples are from images. Trained a few times over the images in an order of its own; a function
 * of images, labels and seed. Not thread-safe.
 */
final class Classifier implements FeatureSpace, AutoCloseable {

    private static final List<Integer> HIDDEN = List.of(256, 64);
    private static final int ROWS = 128;
    private static final int EPOCHS = 3;
    private static final double LEARNING_RATE = 1e-3;
    private static final int PARTITION = -1; // of the random numbers: no partition of a topic
    private static final int WEIGHTS = 0;
    private static final int ORDER = 1;

    private final int size;
    private final int classes;
    private final Parameters weights;
    private final Gradients gradients;
    private final Pass pass;

    private Classifier(int size, int classes, CounterRandom random) {
        this.size = size;
        this.classes = classes;
        Layers layers = Layers.of(size, HIDDEN, classes, 0, 0);
        this.weights = new Parameters(layers.end());
        this.gradients = new Gradients(ROWS, layers);
        this.pass = new Pass(layers, ROWS, weights, gradients);
        random.at(0, WEIGHTS);
        layers.initialise(weights.values(), random, true);
        weights.changed();
    }

    /** Trains one on images that have labels. */
    static Classifier train(LabelledImages images, long seed) {
        CounterRandom random = new CounterRandom(seed, PARTITION);
        int classes = images.labels().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        Classifier classifier = new Classifier(images.geometry().size(), classes, random);
        Adam adam = new Adam(classifier.weights.values().length, LEARNING_RATE, 0.9, 0.999);
        int[] order = new int[images.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            random.at(epoch, ORDER);
            shuffle(order, random);
            for (int start = 0; start == 0 || start + ROWS <= order.length; start += ROWS) {
                classifier.update(images, order, start, adam);
            }
        }
        return classifier;
    }

    private static void shuffle(int[] order, CounterRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.below(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    /** One update on {@code ROWS} images from {@code start} on, beginning anew where there are fewer. */
    private void update(LabelledImages images, int[] order, int start, Adam adam) {
        for (int row = 0; row < ROWS; row++) {
            put(images.images().get(order[(start + row) % order.length]), row);
        }
        pass.input().toNative();
        pass.forward();
        float[] logits = pass.output().values();
        float[] delta = pass.outputDelta().values();
        for (int row = 0; row < ROWS; row++) {
            int label = images.labels().get(order[(start + row) % order.length]);
            softmax(logits, delta, row * classes);
            delta[row * classes + label] -= 1;
            for (int i = row * classes; i < (row + 1) * classes; i++) {
                delta[i] /= ROWS;
            }
        }
        pass.outputDelta().toNative();
        pass.backward(false);
        adam.update(weights, gradients, weights, 0);
    }

    private void softmax(float[] logits, float[] target, int offset) {
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + classes; i++) {
            highest = Math.max(highest, logits[i]);
        }
        double sum = 0;
        for (int i = offset; i < offset + classes; i++) {
            target[i] = (float) Math.exp(logits[i] - highest);
            sum += target[i];
        }
        for (int i = offset; i < offset + classes; i++) {
            target[i] = (float) (target[i] / sum);
        }
    }

    private void put(byte[] picture, int row) {
        float[] input = pass.input().values();
        for (int i = 0; i < size; i++) {
            input[row * size + i] = (picture[i] & 0xFF) / 255f;
        }
    }

    @Override
    public String name() {
        return "classifier";
    }

    @Override
    public float[][] features(List<byte[]> pictures) {
        int layer = HIDDEN.size();
        int width = HIDDEN.get(layer - 1);
        float[][] features = new float[pictures.size()][width];
        forEach(pictures, (index, row) -> pass.activation(layer).readRows(row, 1, features[index]));
        return features;
    }

    /** The likeliest class of each picture. */
    int[] classify(List<byte[]> pictures) {
        int[] labels = new int[pictures.size()];
        forEach(pictures, (index, row) -> {
            float[] logits = pass.output().values();
            for (int i = 1; i < classes; i++) {
                if (logits[row * classes + i] > logits[row * classes + labels[index]]) {
                    labels[index] = i;
                }
            }
        });
        return labels;
    }

    private interface Reader {
        void read(int index, int row);
    }

    private void forEach(List<byte[]> pictures, Reader reader) {
        for (int start = 0; start < pictures.size(); start += ROWS) {
            int n = Math.min(ROWS, pictures.size() - start);
            for (int row = 0; row < n; row++) {
                put(pictures.get(start + row), row);
            }
            pass.input().toNative();
            pass.forward();
            for (int row = 0; row < n; row++) {
                reader.read(start + row, row);
            }
        }
    }

    /** Labels over 0 to this less one are told apart. */
    int classes() {
        return classes;
    }

    @Override
    public void close() {
        pass.close();
        gradients.close();
        weights.close();
    }
}
