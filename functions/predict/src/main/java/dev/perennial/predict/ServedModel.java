package dev.perennial.predict;

import dev.perennial.core.metric.Task;
import dev.perennial.core.serving.PredictionRequest;
import dev.perennial.core.serving.PredictionResponse;
import dev.perennial.core.serving.PredictionResponse.Answer;
import dev.perennial.core.serving.PredictionResponse.ClassAnswer;
import dev.perennial.core.serving.PredictionResponse.ValueAnswer;
import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.model.Predictor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One version in memory, with the spec that it was made by. */
final class ServedModel implements AutoCloseable {
    private final PipelineSpec spec;
    private final int version;
    private final Predictor predictor;
    private final RequestReader reader;

    /**
     * @param predictor closed with this
     */
    ServedModel(PipelineSpec spec, int version, Predictor predictor) {
        this.spec = spec;
        this.version = version;
        this.predictor = predictor;
        this.reader = new RequestReader(spec);
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
     * @param ids gives each prediction its name
     */
    PredictionResponse predict(PredictionRequest request, Supplier<String> ids) {
        double[][] predicted = predictor.predict(request.rows());
        List<Answer> answers = new ArrayList<>();
        for (double[] each : predicted) {
            answers.add(
                    spec.task() == Task.REGRESSION
                            ? new ValueAnswer(ids.get(), each[0])
                            : classAnswer(ids.get(), each));
        }
        return new PredictionResponse(spec.name(), version, answers);
    }

    private ClassAnswer classAnswer(String id, double[] probabilities) {
        List<String> classes = predictor.description().classes();
        Map<String, Double> byClass = new LinkedHashMap<>();
        int best = 0;
        for (int i = 0; i < probabilities.length; i++) {
            byClass.put(classes.get(i), probabilities[i]);
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return new ClassAnswer(id, classes.get(best), byClass);
    }

    @Override
    public void close() {
        predictor.close();
    }
}
