package dev.perennial.core.step;

import dev.perennial.core.spec.Candidate;
import dev.perennial.core.step.Prepare.Prepared;
import dev.perennial.core.store.ArtifactRef;
import java.util.Optional;

/** Contract of the step that trains one candidate. */
public final class Train {
    private Train() {}

    public record Input(
            String run,
            String pipeline,
            ArtifactRef spec,
            Prepared prepared,
            Candidate candidate) {}

    /**
     * Output: {@code trained} always; the state machine writes {@code failure} instead where the
     * step failed.
     */
    public record Output(
            Candidate candidate, Optional<Trained> trained, Optional<Failure> failure) {}

    /**
     * A trained candidate.
     *
     * @param model ONNX file, raw columns in
     * @param reference the trainer's own predictions on the test rows, for parity
     * @param validationLoss log loss or RMSE, calibrated
     * @param rounds trees per class, or iterations
     */
    public record Trained(
            ArtifactRef model,
            ArtifactRef reference,
            ArtifactRef importance,
            double validationLoss,
            int rounds) {}

    /** Why a candidate failed, as Step Functions says it. */
    public record Failure(String error, String cause) {}
}
