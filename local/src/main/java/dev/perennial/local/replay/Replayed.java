package dev.perennial.local.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What would have happened under a policy.
 *
 * @param predictions one per row, in order of time
 * @param events in order of time
 * @param runs that started after the first champion's
 * @param promotions among them
 * @param costUsd of those runs by list prices
 * @param falseAlarms runs that an alarm started and whose model was no better, by the gates
 * @param detectionDelays from where a rise of the errors began, as far as the detector can tell, to
 *     the alarm
 */
public record Replayed(
        String policy,
        List<Predicted> predictions,
        List<Event> events,
        int runs,
        int promotions,
        double costUsd,
        int falseAlarms,
        List<Duration> detectionDelays,
        double seconds) {
    /** What an event of a run that started is called. */
    static final String RUN = "run";

    public Replayed {
        predictions = List.copyOf(predictions);
        events = List.copyOf(events);
        detectionDelays = List.copyOf(detectionDelays);
    }

    /**
     * One answer.
     *
     * @param row of the history in order of time, from 0
     * @param prediction class or number
     * @param ofTruth probability that it gave to what came true; NaN for regression
     * @param probability of the class it predicted; NaN for regression
     */
    public record Predicted(
            int row,
            Instant time,
            String prediction,
            double probability,
            int version,
            String label,
            double ofTruth) {
        /** 0 or 1 for a classification, the absolute error for a regression. */
        double error() {
            return Double.isNaN(probability)
                    ? Math.abs(Double.parseDouble(prediction) - Double.parseDouble(label))
                    : prediction.equals(label) ? 0 : 1;
        }

        double logLoss() {
            double least = Math.ulp(1.0);
            return -Math.log(Math.clamp(ofTruth, least, 1 - least));
        }
    }

    /** Something that happened. */
    public record Event(Instant time, String what, String why) {}

    /** Mean error of the predictions, each made before its label was known. */
    double meanError() {
        return predictions.stream().mapToDouble(Predicted::error).average().orElse(Double.NaN);
    }

    double meanLogLoss() {
        return predictions.stream().mapToDouble(Predicted::logLoss).average().orElse(Double.NaN);
    }
}
