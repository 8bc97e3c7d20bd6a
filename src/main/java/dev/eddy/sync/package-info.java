/** One model from many: what partitions contribute, how it is averaged, and how both travel. */
@NullMarked
package dev.eddy.sync;

import org.jspecify.annotations.NullMarked;
