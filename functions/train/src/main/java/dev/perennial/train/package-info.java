/** The step that trains one candidate and writes it as an ONNX file. */
@NullMarked
package dev.perennial.train;

import org.jspecify.annotations.NullMarked;
