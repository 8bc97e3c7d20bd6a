/** Commands and configuration; the only place that wires. */
@NullMarked
package dev.eddy.cli;

import org.jspecify.annotations.NullMarked;
