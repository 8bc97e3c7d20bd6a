/** Bytes to pixels and back; files of images. */
@NullMarked
package dev.eddy.image;

import org.jspecify.annotations.NullMarked;
