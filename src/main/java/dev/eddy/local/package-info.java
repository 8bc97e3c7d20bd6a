/** The embedded broker and the producer of sample streams. */
@NullMarked
package dev.eddy.local;

import org.jspecify.annotations.NullMarked;
