/** Measures Eddy against libtorch doing the same work, in one run; in the Maven profile {@code bench} alone. */
@NullMarked
package dev.eddy.bench;

import org.jspecify.annotations.NullMarked;
