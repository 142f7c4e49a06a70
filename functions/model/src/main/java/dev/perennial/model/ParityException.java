package dev.perennial.model;

import dev.perennial.core.error.PermanentException;

/**
 * Thrown when the ONNX file doesn't predict what the trainer predicts. Such a file is never
 * registered.
 */
public final class ParityException extends PermanentException {
    /** Of a model that is named in the message, such as a candidate. */
    public ParityException(String model, Parity parity) {
        super(
                "%s: the ONNX file differs from the trainer by %.3g on test row %d, at most %.0e is allowed; please report this with the run's artifacts"
                        .formatted(model, parity.difference(), parity.row(), Parity.ALLOWED));
    }
}
