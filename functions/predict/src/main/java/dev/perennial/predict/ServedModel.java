package dev.perennial.predict;

import dev.perennial.core.live.CapturedRows;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import dev.perennial.core.serving.DeclaredLimits;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.PredictionResponse.Answer;
import dev.perennial.core.serving.PredictionResponse.ClassAnswer;
import dev.perennial.core.serving.PredictionResponse.Explanation;
import dev.perennial.core.serving.PredictionResponse.LookedUp;
import dev.perennial.core.serving.PredictionResponse.ValueAnswer;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import dev.perennial.model.Explainer;
import dev.perennial.model.ModelException;
import dev.perennial.model.Predictor;
import dev.perennial.predict.OnlineFeatures.Filled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One version in memory, with the spec that it was made by. */
final class ServedModel implements AutoCloseable {
    private final PipelineSpec spec;
    private final int version;
    private final byte[] onnx;
    private final Predictor predictor;
    private final RequestReader reader;
    private @Nullable Explainer explainer;

    /**
     * Loads.
     *
     * @throws ModelException if the bytes are no model
     */
    ServedModel(PipelineSpec spec, int version, byte[] onnx) {
        this.spec = spec;
        this.version = version;
        this.onnx = onnx;
        this.predictor = Predictor.open(onnx, 1);
        this.reader = new RequestReader(spec);
    }

    String pipeline() {
        return spec.name();
    }

    int version() {
        return version;
    }

    /** Reads rows as this version takes them. */
    RequestReader reader() {
        return reader;
    }

    /**
     * Predicts.
     *
     * @param filled what to predict, with what was looked up for it
     * @param ids one per row
     * @param roles one per row; in a shadow's there is nothing to explain
     * @param entities whom each row is of
     * @throws RefusedRequestException if this version can't explain and was asked to
     */
    Predicted predict(
            Filled filled,
            Instant at,
            List<String> ids,
            List<Role> roles,
            CategoryColumn entities) {
        PredictionRequest request = filled.request();
        Predictor.Answers said = predictor.answer(request.rows());
        double[][] predicted = said.predictions();
        List<Answer> answers = new ArrayList<>();
        for (int row = 0; row < predicted.length; row++) {
            int best = best(predicted[row]);
            Optional<Explanation> explanation =
                    request.explain() && roles.get(row) != Role.SHADOW
                            ? Optional.of(explain(request.rows(), row, best))
                            : Optional.empty();
            answers.add(
                    spec.task() == Task.REGRESSION
                            ? new ValueAnswer(
                                    ids.get(row),
                                    version,
                                    predicted[row][0],
                                    expectedError(said, row),
                                    filled.of(row),
                                    explanation)
                            : classAnswer(
                                    ids.get(row),
                                    predicted[row],
                                    best,
                                    filled.of(row),
                                    explanation));
        }
        return new Predicted(
                answers,
                new LiveMessage(
                        spec.name(),
                        LiveMessage.Kind.PREDICTIONS,
                        OptionalInt.of(version),
                        CapturedRows.of(spec, request.rows())
                                .madeBy(version, roles, entities, at)
                                .answered(
                                        ids,
                                        predictor.description().classes(),
                                        predicted,
                                        said.expectedErrors())));
    }

    private static OptionalDouble expectedError(Predictor.Answers said, int row) {
        return said.expectedErrors()
                .map(each -> OptionalDouble.of(each[row]))
                .orElse(OptionalDouble.empty());
    }

    /**
     * What a prediction comes to.
     *
     * @param answers one per row
     * @param captured what the live side is to know of it
     */
    record Predicted(List<Answer> answers, LiveMessage captured) {}

    /** Fills in what a request leaves out of the views that this version takes columns from. */
    Filled filled(OnlineFeatures features, PredictionRequest request, Instant at) {
        return features.fill(spec, request, at);
    }

    /** What of these rows is outside the limits that the spec declares. */
    List<String> warnings(Table rows) {
        return DeclaredLimits.warnings(spec, rows);
    }

    /** Whom each row is of. */
    CategoryColumn entities(Table rows) {
        return LiveColumns.entity(spec, rows);
    }

    /** The most probable class, the first of equals. */
    private static int best(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }

    private ClassAnswer classAnswer(
            String id,
            double[] probabilities,
            int best,
            Optional<List<LookedUp>> features,
            Optional<Explanation> explanation) {
        List<String> classes = predictor.description().classes();
        Map<String, Double> byClass = new LinkedHashMap<>();
        for (int i = 0; i < probabilities.length; i++) {
            byClass.put(classes.get(i), probabilities[i]);
        }
        return new ClassAnswer(id, version, classes.get(best), byClass, features, explanation);
    }

    private Explanation explain(Table rows, int row, int best) {
        boolean multiclass = spec.task() == Task.MULTICLASS;
        Explainer.Explanation found = explainer().explain(rows, row, multiclass ? best : 0);
        List<String> classes = predictor.description().classes();
        String of =
                switch (spec.task()) {
                    case BINARY -> "log odds of " + classes.getLast();
                    case MULTICLASS ->
                            "score of %s before the softmax".formatted(classes.get(best));
                    case REGRESSION -> "prediction";
                };
        return new Explanation(of, found.baseline(), found.contributions());
    }

    /** Few callers ask, so it is opened for the first that does. */
    private synchronized Explainer explainer() {
        if (explainer == null) {
            try {
                explainer = Explainer.open(onnx, 1);
            } catch (ModelException tooOld) {
                throw new RefusedRequestException(
                        RefusedRequestException.UNPROCESSABLE,
                        "version %d can't be explained: %s"
                                .formatted(version, tooOld.getMessage()));
            }
        }
        return explainer;
    }

    @Override
    public synchronized void close() {
        predictor.close();
        if (explainer != null) {
            explainer.close();
        }
    }
}
