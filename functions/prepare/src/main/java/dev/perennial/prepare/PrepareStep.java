package dev.perennial.prepare;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.step.Prepare;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.Table;
import dev.perennial.model.ModelException;
import dev.perennial.model.Preparation;
import dev.perennial.model.RowTimes;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;

/** Fits on the training part only; the matrix of every part is made by running the fitted graph. */
final class PrepareStep implements Step<Prepare.Input, Prepare.Output> {
    private final ArtifactStore artifacts;

    PrepareStep(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public Prepare.Output apply(Prepare.Input input) {
        PipelineSpec spec = Snapshots.spec(artifacts, input.spec());
        Table rows =
                LabelledRows.of(spec, Snapshots.table(artifacts, input.snapshot(), spec.schema()));
        TimeSplit split =
                TimeSplit.of(rows.time(spec.time()).micros(), spec.split(), spec.label().delay());
        if (split.trainRows() == 0 || split.validationRows() == 0 || split.testRows() == 0) {
            throw new ModelException(
                    "the split leaves %,d rows to train, %,d to validate and %,d to test of %,d labelled ones, %,d between them left out for label.delay; use more data or a shorter split"
                            .formatted(
                                    split.trainRows(),
                                    split.validationRows(),
                                    split.testRows(),
                                    split.rows(),
                                    split.gapRows()));
        }
        Targets targets = Targets.of(spec, rows);
        Table train = rows.range(0, split.trainEnd());
        Targets trainTargets = targets.range(0, split.trainEnd());
        Preparation preparation = Preparation.fit(spec.features(), train, trainTargets);
        int threads = spec.train().threads();
        Prepare.Prepared prepared =
                new Prepare.Prepared(
                        put(input, "preparation.onnx", preparation.toBytes()),
                        put(
                                input,
                                "train.matrix",
                                preparation.trainingMatrix(train, trainTargets, threads).toBytes()),
                        put(
                                input,
                                "train.times",
                                new RowTimes(train.time(spec.time()).micros()).toBytes()),
                        put(
                                input,
                                "validation.matrix",
                                preparation
                                        .matrix(
                                                rows.range(
                                                        split.validation(), split.validationEnd()),
                                                targets.range(
                                                        split.validation(), split.validationEnd()),
                                                threads)
                                        .toBytes()),
                        put(
                                input,
                                "test.matrix",
                                preparation
                                        .matrix(
                                                rows.range(split.test(), split.rows()),
                                                targets.range(split.test(), split.rows()),
                                                threads)
                                        .toBytes()));
        return new Prepare.Output(prepared, split, SearchSpace.draw(spec.train()));
    }

    private ArtifactRef put(Prepare.Input input, String file, byte[] content) {
        return artifacts.put(
                Keys.step(input.run(), "prepare", file), content, "application/octet-stream");
    }
}
