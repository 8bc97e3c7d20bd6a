/** The same models and the same work in libtorch, eager, as one would write them there; a process of its own. */
@NullMarked
package dev.eddy.bench.peer;

import org.jspecify.annotations.NullMarked;
