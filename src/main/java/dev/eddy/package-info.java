/** Eddy learns from a stream of images while it flows. */
@NullMarked
package dev.eddy;

import org.jspecify.annotations.NullMarked;
