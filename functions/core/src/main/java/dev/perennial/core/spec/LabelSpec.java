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
 * @param expires how long after the prediction a label is still waited for
 */
public record LabelSpec(
        String column,
        Optional<String> positive,
        List<String> classes,
        Duration delay,
        Duration expires) {
    public LabelSpec {
        classes = List.copyOf(classes);
    }
}
