package dev.eddy.it;

import dev.eddy.learn.Score;
import org.jspecify.annotations.Nullable;

/**
 * A record of the scores.
 *
 * @param partition of the input, as the value has it
 * @param offset in the input, as the value has it
 * @param place the score's own partition
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Scored(int partition, long offset, int place, byte @Nullable [] key, Score score) {}
