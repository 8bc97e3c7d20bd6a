package dev.eddy.nn;

import java.util.Arrays;

/**
 * How far vectors are from their nearest neighbours among the last vectors of a sequence: the root of the mean squared
 * Euclidean distance to the nearest {@code k} of them. Not thread-safe.
 */
public final class Neighbours implements AutoCloseable {

    private final int k;
    private final Matrix ring; // (capacity, dimensions)
    private final long[] seen = new long[1]; // vectors ever put into the ring
    private final float[] squares; // of each vector in the ring, (capacity)
    private final Matrix asked; // (rows, dimensions)
    private final Matrix products; // (rows, capacity)
    private final float[] product; // of one row, (capacity)
    private final float[] nearest; // squared distances, ascending, (k)
    private final double[] distances; // (rows)

    /**
     * @param k neighbours that count, at least 1
     * @param rows vectors measured at a time
     * @param capacity vectors remembered
     */
    public Neighbours(int k, int rows, int capacity, int dimensions) {
        this.k = k;
        this.ring = new Matrix(capacity, dimensions);
        this.squares = new float[capacity];
        this.asked = new Matrix(rows, dimensions);
        this.products = new Matrix(rows, capacity);
        this.product = new float[capacity];
        this.nearest = new float[k];
        this.distances = new double[rows];
    }

    /** Whether {@code k} vectors are remembered, so that distances mean something; they are 0 until then. */
    public boolean isReady() {
        return seen[0] >= k;
    }

    /** Distances of all rows of {@code vectors}, (rows, dimensions); the array is this object's own. */
    public double[] distances(float[] vectors) {
        if (!isReady()) {
            return distances;
        }
        System.arraycopy(vectors, 0, asked.values(), 0, asked.values().length);
        asked.toNative();
        int rows = asked.rows();
        Blas.multiplyTransposedRight(
                rows, ring.rows(), ring.columns(), asked.pointer(), ring.pointer(), 0, products.pointer());
        for (int row = 0; row < rows; row++) {
            distances[row] = Math.sqrt(Math.max(0, Blas.squares(asked, row) + meanOfNearest(row)));
        }
        return distances;
    }

    /** Mean of the k smallest {@code |r|^2 - 2 r x}: squared distances less {@code |x|^2}, which is the same for all. */
    private double meanOfNearest(int row) {
        int held = (int) Math.min(seen[0], ring.rows());
        products.readRows(row, 1, product);
        for (int i = 0; i < held; i++) {
            product[i] = squares[i] - 2 * product[i];
        }
        Arrays.fill(nearest, Float.POSITIVE_INFINITY);
        for (int i = 0; i < held; i++) {
            if (product[i] < nearest[k - 1]) {
                insert(product[i]);
            }
        }
        double sum = 0;
        for (float distance : nearest) {
            sum += distance;
        }
        return sum / k;
    }

    private void insert(float distance) {
        int place = k - 1;
        while (place > 0 && nearest[place - 1] > distance) {
            nearest[place] = nearest[place - 1];
            place--;
        }
        nearest[place] = distance;
    }

    /** How many count. */
    public int count() {
        return k;
    }

    /** The vectors remembered, (held, dimensions); a copy. */
    public float[] vectors() {
        int held = (int) Math.min(seen[0], ring.rows());
        return Arrays.copyOf(ring.values(), held * ring.columns());
    }

    /** Remembers a vector, in place of the oldest once the capacity is reached. */
    public void put(float[] vector) {
        int slot = (int) (seen[0]++ % ring.rows());
        ring.writeRow(slot, vector);
        square(slot);
    }

    private void square(int slot) {
        float sum = 0;
        for (int i = slot * ring.columns(); i < (slot + 1) * ring.columns(); i++) {
            sum += ring.values()[i] * ring.values()[i];
        }
        squares[slot] = sum;
    }

    public void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/seen", seen);
        visitor.floats(name + "/ring", ring.values());
    }

    /** Takes over what a restoring {@link #visit} has written. */
    public void restored() {
        ring.toNative();
        for (int slot = 0; slot < squares.length; slot++) {
            square(slot);
        }
    }

    @Override
    public void close() {
        ring.close();
        asked.close();
        products.close();
    }
}
