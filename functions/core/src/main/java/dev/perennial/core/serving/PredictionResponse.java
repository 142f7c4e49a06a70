package dev.perennial.core.serving;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

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
     * @param features what was looked up in feature views, if the request left any out
     * @param explanation where it was asked for
     */
    public record ClassAnswer(
            String id,
            int version,
            String prediction,
            Map<String, Double> probability,
            Optional<List<LookedUp>> features,
            Optional<Explanation> explanation)
            implements Answer {}

    /**
     * Of a regression.
     *
     * @param expectedError the absolute error to expect of the prediction, where the model knows
     * @param features as in {@link ClassAnswer}
     * @param explanation as in {@link ClassAnswer}
     */
    public record ValueAnswer(
            String id,
            int version,
            double prediction,
            OptionalDouble expectedError,
            Optional<List<LookedUp>> features,
            Optional<Explanation> explanation)
            implements Answer {}

    /**
     * Features that a request left out and a view was asked for.
     *
     * @param columns as the model knows them
     * @param at event time of the row that they are from; empty where there was none to use
     * @param ageSeconds how old that row was at the request's moment
     * @param missing why there was none to use
     */
    public record LookedUp(
            String view,
            List<String> columns,
            Optional<Instant> at,
            OptionalLong ageSeconds,
            Optional<String> missing) {
        public LookedUp {
            columns = List.copyOf(columns);
        }
    }

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
