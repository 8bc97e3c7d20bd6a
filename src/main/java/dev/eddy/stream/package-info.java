/** The Kafka Streams topology, its processor, replay, serdes and lifecycle. */
@NullMarked
package dev.eddy.stream;

import org.jspecify.annotations.NullMarked;
