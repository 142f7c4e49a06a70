package dev.perennial.core.serving;

import java.util.List;
import java.util.Map;

/**
 * What the live model answers.
 *
 * @param version of the model that predicted
 * @param predictions one per row, in their order
 */
public record PredictionResponse(String pipeline, int version, List<? extends Answer> predictions) {
    public PredictionResponse {
        predictions = List.copyOf(predictions);
    }

    /** Of one row. */
    public sealed interface Answer {
        /** Names this prediction for good; feedback refers to it. */
        String id();
    }

    /**
     * Of a classification.
     *
     * @param prediction the most probable class, the first of equals
     * @param probability of each class
     */
    public record ClassAnswer(String id, String prediction, Map<String, Double> probability)
            implements Answer {}

    /** Of a regression. */
    public record ValueAnswer(String id, double prediction) implements Answer {}
}
