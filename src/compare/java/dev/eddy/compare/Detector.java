package dev.eddy.compare;

import java.util.List;

/** One that tells how strange images are, after one pass over a stream of normal ones. One thread. */
interface Detector extends AutoCloseable {

    /** One strict pass in this order: each image is scored, then learned from. */
    void stream(List<byte[]> images);

    /** The scores of images that are not learned from, higher is stranger. */
    double[] test(List<byte[]> images);

    @Override
    default void close() {}
}
