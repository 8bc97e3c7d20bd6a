package dev.eddy.learn;

import dev.eddy.nn.Matrix;

/** The images that the next step trains on, each in a row of its own from when it comes. Not thread-safe. */
final class MicroBatch implements AutoCloseable {

    private final int capacity;
    private final int size;
    private final Matrix images; // (capacity, size), in [0, 1]; the off-heap side follows when asked to
    private final byte[] pixels; // (capacity, size)
    private final double[] entropies; // (capacity)
    private int rows;

    MicroBatch(int capacity, int size) {
        this.capacity = capacity;
        this.size = size;
        this.images = new Matrix(capacity, size);
        this.pixels = new byte[capacity * size];
        this.entropies = new double[capacity];
    }

    int capacity() {
        return capacity;
    }

    int rows() {
        return rows;
    }

    boolean isFull() {
        return rows == capacity;
    }

    /** Puts {@code size} values, 0 to 255 unsigned, into the next row, and returns which that is. */
    int add(byte[] image) {
        System.arraycopy(image, 0, pixels, rows * size, size);
        Pixels.toFloats(image, 0, images.values(), rows * size, size);
        entropies[rows] = Pixels.entropy(image);
        return rows++;
    }

    /** (capacity, size), in [0, 1]; rows not taken yet hold images of before. */
    Matrix images() {
        return images;
    }

    /** (capacity, size), as they came. */
    byte[] pixels() {
        return pixels;
    }

    /** Entropy of a row's pixels, each taken as a probability; nats. */
    double entropy(int row) {
        return entropies[row];
    }

    /** The mean image of a full micro-batch, (size). */
    float[] mean() {
        float[] mean = new float[size];
        for (int row = 0; row < capacity; row++) {
            for (int i = 0; i < size; i++) {
                mean[i] += images.values()[row * size + i] / capacity;
            }
        }
        return mean;
    }

    void clear() {
        rows = 0;
    }

    /** Frees the off-heap array. */
    @Override
    public void close() {
        images.close();
    }
}
