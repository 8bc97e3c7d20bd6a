package dev.eddy.it;

import org.jspecify.annotations.Nullable;

/**
 * A record of the input that consumers see.
 *
 * @param valid whether its value is an image
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Sent(int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, boolean valid) {}
