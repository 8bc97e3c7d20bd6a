/** Matrices, layers, losses and the optimizer: pure math on ND4J's off-heap arrays and its BLAS. */
@NullMarked
package dev.eddy.nn;

import org.jspecify.annotations.NullMarked;
