package dev.eddy.stream;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One record of the source as it lies in the log.
 *
 * @param timestamp Unix time in milliseconds, 0 if the record has none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SourceRecord(long offset, long timestamp, byte @Nullable [] key, Headers headers, byte @Nullable [] value) {}
