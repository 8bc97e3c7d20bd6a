/** The versioned, chunked, checksummed form of the learner's state. */
@NullMarked
package dev.eddy.snapshot;

import org.jspecify.annotations.NullMarked;
