package dev.perennial.evaluate;

import dev.perennial.core.error.PermanentException;
import dev.perennial.model.Parity;

/**
 * Thrown when the ONNX file doesn't predict what the trainer predicts. Such a file is never
 * registered.
 */
public final class ParityException extends PermanentException {
    public ParityException(int candidate, Parity parity) {
        super(
                "candidate %d: the ONNX file differs from the trainer by %.3g on test row %d, at most %.0e is allowed; please report this with the run's artifacts"
                        .formatted(candidate, parity.difference(), parity.row(), Parity.ALLOWED));
    }
}
