package dev.eddy.learn;

import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.StateVisitor;

/** A uniform sample of all images put in so far (Vitter's algorithm R, 1985), as bytes. Not thread-safe. */
final class Reservoir {

    private final int size;
    private final int capacity;
    private final byte[] images; // (capacity, size)
    private final long[] seen = new long[1];

    Reservoir(int capacity, int size) {
        this.capacity = capacity;
        this.size = size;
        this.images = new byte[Math.multiplyExact(capacity, size)];
    }

    boolean isEmpty() {
        return seen[0] == 0;
    }

    void put(byte[] pixels, int offset, CounterRandom random) {
        long index = seen[0]++;
        long slot = index < capacity ? index : (long) (random.uniform() * (index + 1));
        if (slot < capacity) {
            System.arraycopy(pixels, offset, images, (int) slot * size, size);
        }
    }

    /** Copies {@code rows} images, drawn with replacement, into {@code target} as values in [0, 1]. */
    void draw(float[] target, int rows, CounterRandom random) {
        int held = (int) Math.min(seen[0], capacity);
        for (int row = 0; row < rows; row++) {
            Pixels.toFloats(images, random.below(held) * size, target, row * size, size);
        }
    }

    void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/seen", seen);
        visitor.bytes(name + "/images", images);
    }
}
