package dev.eddy.bench;

import java.io.IOException;

/** One of the two that are compared. */
public interface Side {

    /** Time of {@code iterations} units of a case's work; the first call builds the models. */
    long nanos(Case what, int iterations) throws IOException;
}
