package dev.perennial.core.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the model predicts.
 *
 * @param positive the class whose probability is reported; binary only, then never empty
 * @param classes the legal classes; empty: those found in the data
 * @param delay how long after the prediction the label becomes known
 */
public record LabelSpec(
        String column, Optional<String> positive, List<String> classes, Duration delay) {
    public LabelSpec {
        classes = List.copyOf(classes);
    }
}
