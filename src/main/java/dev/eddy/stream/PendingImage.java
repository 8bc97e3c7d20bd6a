package dev.eddy.stream;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One valid record in the micro-batch.
 *
 * @param timestamp Unix time in milliseconds, 0 if the record has none
 * @param pixels as decoded, not written to
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PendingImage(long offset, long timestamp, byte @Nullable [] key, Headers headers, byte[] pixels) {}
