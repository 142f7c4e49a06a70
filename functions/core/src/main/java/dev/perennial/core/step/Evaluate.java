package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.store.ArtifactRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Contract of the step that compares the best candidate with everything it has to beat. */
public final class Evaluate {
    private Evaluate() {}

    public record Input(
            String run,
            String pipeline,
            ArtifactRef spec,
            SnapshotRef snapshot,
            TimeSplit split,
            List<Train.Output> candidates) {}

    /**
     * Output.
     *
     * @param model ONNX file of the best candidate, or of the best ones' average
     * @param recalled a former champion that is better than the best candidate, and is what was
     *     judged
     * @param refit how to train it again on the newest rows too, where the spec wants that
     * @param championRevision what promotion must find unchanged
     * @param metrics of what was judged, on the test split
     */
    public record Output(
            boolean accepted,
            ArtifactRef evaluation,
            ArtifactRef model,
            OptionalInt recalled,
            Optional<Refit.Recipe> refit,
            int championRevision,
            Map<String, Double> metrics) {}
}
