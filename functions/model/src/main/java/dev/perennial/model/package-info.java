/** Preparation graph, trainers, ONNX writer, predictor and parity check. */
@NullMarked
package dev.perennial.model;

import org.jspecify.annotations.NullMarked;
