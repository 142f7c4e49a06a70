/**
 * From raw columns to one ONNX file: the preparation graph, the trainers whose trees or weights are
 * appended to it, calibration, the predictor that serves the file, and the parity check between
 * trainer and file. No I/O but native libraries: where bytes come from and go to is the steps'
 * business.
 */
@NullMarked
package dev.perennial.model;

import org.jspecify.annotations.NullMarked;
