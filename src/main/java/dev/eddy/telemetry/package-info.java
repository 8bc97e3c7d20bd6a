/** Every meter, the HTTP endpoints and the live page. */
@NullMarked
package dev.eddy.telemetry;

import org.jspecify.annotations.NullMarked;
