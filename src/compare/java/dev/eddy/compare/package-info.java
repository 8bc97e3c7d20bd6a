/** Eddy beside other detectors of anomalies, on the same images in the same order. */
@NullMarked
package dev.eddy.compare;

import org.jspecify.annotations.NullMarked;
