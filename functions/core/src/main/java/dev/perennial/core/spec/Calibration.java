package dev.perennial.core.spec;

/** How raw scores become probabilities; fitted on the validation split, part of the ONNX graph. */
public enum Calibration {
    NONE,
    /**
     * Binary: Platt scaling of the margin. Multiclass: one temperature for all classes. Regression:
     * no effect.
     */
    SIGMOID
}
