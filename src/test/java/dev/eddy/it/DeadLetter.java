package dev.eddy.it;

import org.jspecify.annotations.Nullable;

/**
 * A record of the dead letters.
 *
 * @param partition of the input, as the headers have it
 * @param offset in the input, as the headers have it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record DeadLetter(int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {}
