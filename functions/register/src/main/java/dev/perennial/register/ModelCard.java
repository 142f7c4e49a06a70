package dev.perennial.register;

import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.evaluation.Evaluation.ModelScore;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.step.Register;
import dev.perennial.core.store.ArtifactRef;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What a person should know before using a model, in Markdown (after Mitchell et al., <i>Model
 * Cards</i>, 2019).
 */
final class ModelCard {
    private ModelCard() {}

    private static String regressionOutputs(Register.Input input, Evaluation evaluation) {
        boolean judgedServes = input.refit().flatMap(Refitted::model).isEmpty();
        boolean expectsErrors =
                evaluation.predicted().filter(each -> each.expectedError().isPresent()).isPresent();
        return "Output `prediction` is float32 [N,1]%s.\n\n"
                .formatted(
                        judgedServes && expectsErrors
                                ? "; `expected_error`, float32 [N,1], is the absolute error to expect of it"
                                : "");
    }

    static String write(
            Register.Input input,
            int version,
            ArtifactRef model,
            Evaluation evaluation,
            SnapshotManifest data) {
        StringBuilder card = new StringBuilder();
        card.append("# %s, version %d\n\n".formatted(input.pipeline(), version));
        card.append(
                "%s model, trained by run `%s` on %s.\n\n"
                        .formatted(
                                evaluation.task().name().toLowerCase(Locale.ROOT),
                                input.run(),
                                input.startedAt()));
        card.append("## Serving\n\n");
        card.append(
                "One ONNX file, `%s`, SHA-256 `%s`. Inputs are named as in the spec: numbers are float32 [N,1] with NaN for missing,"
                        .formatted(model.fileName(), model.sha256()));
        card.append(" categories string [N,1] with an empty text for missing.\n");
        card.append(
                evaluation.classes().isEmpty()
                        ? regressionOutputs(input, evaluation)
                        : "Outputs are `label` (string [N]) and `probability` (float32 [N,%d], in the order %s).\n\n"
                                .formatted(
                                        evaluation.classes().size(),
                                        String.join(", ", evaluation.classes())));
        evaluation
                .average()
                .ifPresent(average ->
                        card.append(
                                "It is the average of %d candidates: all of their trees, each leaf divided by %d.\n\n"
                                        .formatted(
                                                average.candidates().size(),
                                                average.candidates().size())));
        card.append("## Training data\n\n");
        card.append(
                "%,d rows from %s to %s, snapshot `%s`. %,d rows were kept aside as unreadable.\n"
                        .formatted(
                                data.rows(),
                                data.from(),
                                data.until(),
                                input.snapshot().digest(),
                                data.badRows()));
        card.append(
                "Split by time: %,d rows train, %,d validate (from %s), %,d test (from %s); %,d between them are left out, since their labels were not known yet.\n\n"
                        .formatted(
                                evaluation.rows().train(),
                                evaluation.rows().validation(),
                                evaluation.rows().validationFrom(),
                                evaluation.rows().test(),
                                evaluation.rows().testFrom(),
                                evaluation.rows().gap()));
        input.refit().ifPresent(refit -> card.append(refit(refit)));
        card.append("## Quality on the test rows\n\n");
        table(card, evaluation.scores());
        card.append(
                "\nBrackets: 95 % bootstrap interval. `previousLabel` repeats the newest label known at that moment; where it wins,");
        card.append(" the label depends more on its own past than on these features.\n\n");
        card.append("## Gates\n\n");
        for (GateResult gate : evaluation.gates()) {
            card.append(
                    "- %s: %s (%s)\n"
                            .formatted(
                                    gate.passed() ? "passed" : "failed",
                                    gate.gate(),
                                    gate.found()));
        }
        card.append("\n## What decides\n\n");
        evaluation.importance().stream()
                .limit(10)
                .forEach(share ->
                        card.append(
                                "- %s: %.1f %%\n".formatted(share.feature(), 100 * share.share())));
        card.append("\n## Limits\n\n");
        card.append(
                "Valid for rows like those of the window above. A value unseen in training is treated as unknown, not refused.\n");
        return card.toString();
    }

    private static String refit(Refitted refit) {
        return refit.model().isPresent()
                ? "Everything below was measured on a model that had not learned from the validation and test rows. The one that serves was then trained again with the same settings on %,d rows until %s, those among them; the other one is kept as `judged.onnx`.\n\n"
                        .formatted(refit.rows(), refit.until())
                : "It was trained again on all rows, but the scores of what came of it were worse on the test rows (a loss of %.4f against %.4f) and it is not used.\n\n"
                        .formatted(refit.loss(), refit.judgedLoss());
    }

    private static void table(StringBuilder card, List<ModelScore> scores) {
        TreeSet<String> metrics = new TreeSet<>();
        scores.forEach(score -> metrics.addAll(score.metrics().keySet()));
        card.append("| metric |");
        scores.forEach(score -> card.append(" %s |".formatted(score.model())));
        card.append("\n|---|").append("---|".repeat(scores.size())).append('\n');
        for (String metric : metrics) {
            card.append("| %s |".formatted(metric));
            for (ModelScore score : scores) {
                Interval interval = score.metrics().get(metric);
                card.append(
                        interval == null
                                ? " – |"
                                : String.format(
                                        Locale.ROOT,
                                        " %.4f [%.4f, %.4f] |",
                                        interval.estimate(),
                                        interval.low(),
                                        interval.high()));
            }
            card.append('\n');
        }
    }
}
