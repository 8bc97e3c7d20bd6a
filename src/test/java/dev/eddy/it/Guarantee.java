package dev.eddy.it;

import java.util.List;

/**
 * Something that must be true of a run, whatever happens to its processes. It is attached to the run, told of what goes
 * in and of what a {@code read_committed} reader sees come out, and asked at the end.
 */
interface Guarantee {

    /** A record is in the input for good; told in the order of each partition's offsets. */
    default void produced(Sent sent) {}

    /** A record has gone from the input, and nobody has read it. */
    default void lost(Sent sent) {}

    /** A score was read. */
    default void scored(Scored scored) {}

    /** A dead letter was read. */
    default void deadLettered(DeadLetter letter) {}

    /** What {@code models --json} says when all instances have ended in good order. */
    default void learned(List<Model> models) {}

    /** @throws AssertionError if it does not hold */
    void check();
}
