/** Records whose Avro schema is in a schema registry: Apicurio's serdes, bounded in time, their faults told apart. */
@NullMarked
package dev.eddy.registry;

import org.jspecify.annotations.NullMarked;
