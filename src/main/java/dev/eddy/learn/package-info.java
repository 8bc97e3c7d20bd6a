/** The fold: micro-batch, test then train, scores, calibration, drift, gate. */
@NullMarked
package dev.eddy.learn;

import org.jspecify.annotations.NullMarked;
