package dev.perennial.core.monitor;

import dev.perennial.core.evaluation.Confidence;
import dev.perennial.core.live.Role;
import java.util.List;

/**
 * A prediction that waits for its label.
 *
 * @param entity and {@code time} name it for labels without an id
 * @param time the row's own, in microseconds since the epoch
 * @param at when it was predicted
 * @param classes the model's; empty for regression
 * @param probabilities of the classes, in their order; for regression the prediction and, where the
 *     model knows it, the absolute error to expect
 * @param slices of the version's {@link dev.perennial.core.evaluation.Slices} that the row is in;
 *     empty where it has none
 */
public record OpenPrediction(
        String id,
        String entity,
        long time,
        long at,
        int version,
        Role role,
        List<String> classes,
        double[] probabilities,
        int[] slices) {
    public OpenPrediction {
        classes = List.copyOf(classes);
    }

    /** What a regression predicted. */
    double value() {
        return probabilities[0];
    }

    /** The most probable class, the first of equals. */
    String category() {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return classes.get(best);
    }

    /**
     * Half the squared distance from what came true, 0 to 1 (Brier 1950). A class that the model
     * doesn't know had probability 0.
     */
    double brier(String category) {
        double sum = classes.contains(category) ? 0 : 1;
        for (int i = 0; i < probabilities.length; i++) {
            double distance = probabilities[i] - (classes.get(i).equals(category) ? 1 : 0);
            sum += distance * distance;
        }
        return sum / 2;
    }

    /**
     * How probable it is that {@link #category} is wrong, or the absolute error to expect; NaN for
     * a regression that doesn't know it.
     */
    double expectedError() {
        if (!classes.isEmpty()) {
            return Confidence.expectedError(probabilities);
        }
        return probabilities.length > 1 ? probabilities[1] : Double.NaN;
    }

    /** 0 for a class that the model doesn't know. */
    double probabilityOf(String category) {
        int index = classes.indexOf(category);
        return index < 0 ? 0 : probabilities[index];
    }
}
