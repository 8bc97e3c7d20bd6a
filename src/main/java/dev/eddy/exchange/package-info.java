/** Models in the formats of others: safetensors, there and back, and ONNX. */
@NullMarked
package dev.eddy.exchange;

import org.jspecify.annotations.NullMarked;
