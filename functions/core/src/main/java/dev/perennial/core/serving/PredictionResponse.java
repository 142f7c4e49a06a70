package dev.perennial.core.serving;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the live model answers.
 *
 * @param predictions one per row, in their order
 * @param warnings values outside the limits that the spec declares; they were predicted with all
 *     the same
 */
public record PredictionResponse(
        String pipeline, List<? extends Answer> predictions, List<String> warnings) {
    public PredictionResponse {
        predictions = List.copyOf(predictions);
        warnings = List.copyOf(warnings);
    }

    /** Of one row. */
    public sealed interface Answer {
        /** Names this prediction for good; feedback refers to it. */
        String id();

        /** Of the model that predicted: the champion, or the challenger that this caller sees. */
        int version();
    }

    /**
     * Of a classification.
     *
     * @param prediction the most probable class, the first of equals
     * @param probability of each class
     * @param explanation where it was asked for
     */
    public record ClassAnswer(
            String id,
            int version,
            String prediction,
            Map<String, Double> probability,
            Optional<Explanation> explanation)
            implements Answer {}

    /** Of a regression. */
    public record ValueAnswer(
            String id, int version, double prediction, Optional<Explanation> explanation)
            implements Answer {}

    /**
     * Why a row got its score: baseline and contributions add up to it.
     *
     * @param of what the score is: log odds of the positive class, a class's score before the
     *     softmax, or the prediction itself
     * @param baseline the score of the average training row
     * @param contributions by feature
     */
    public record Explanation(String of, double baseline, Map<String, Double> contributions) {}
}
