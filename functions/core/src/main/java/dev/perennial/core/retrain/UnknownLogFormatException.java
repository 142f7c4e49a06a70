package dev.perennial.core.retrain;

import dev.perennial.core.error.PermanentException;

/** Thrown for a log of probes that another version of the factory wrote. */
public final class UnknownLogFormatException extends PermanentException {
    UnknownLogFormatException(int format) {
        super(
                "the probes' log has format %d, and this factory reads %d: deploy the version that wrote it, or delete the item PROBES of the pipeline, so that it begins anew"
                        .formatted(format, ProbeLog.FORMAT));
    }
}
