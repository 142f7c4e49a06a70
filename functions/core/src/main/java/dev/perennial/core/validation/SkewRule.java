package dev.perennial.core.validation;

import dev.perennial.core.drift.PopulationStability;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares each feature in the rows that came after the champion's training data with that data, by
 * the index of {@link PopulationStability}. The rows that both were trained on would hide a change.
 * A retraining is made because data moves; so this is worth a look, not an error.
 */
final class SkewRule implements Rule {
    /** The customary bound for "a different population". */
    private static final double DIFFERENT = 0.25;

    /**
     * Chance alone makes an index of about buckets ÷ rows; with fewer rows it would come near the
     * bound.
     */
    private static final int LEAST_ROWS = 200;

    @Override
    public List<Finding> check(Subject subject) {
        return subject.champion()
                .flatMap(champion ->
                        newer(subject, champion)
                                .map(present -> findings(subject.spec(), champion, present)))
                .orElse(List.of());
    }

    private static Optional<TableProfile> newer(Subject subject, TableProfile champion) {
        String time = subject.spec().time();
        Optional<TimeProfile> seen = champion.time(time);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        Table table = subject.table();
        long[] micros = table.time(time).micros();
        int first = micros.length;
        while (first > 0 && micros[first - 1] > seen.get().max()) {
            first--;
        }
        return micros.length - first < LEAST_ROWS
                ? Optional.empty()
                : Optional.of(TableProfile.of(table.range(first, micros.length)));
    }

    private static List<Finding> findings(
            PipelineSpec spec, TableProfile champion, TableProfile present) {
        List<Finding> findings = new ArrayList<>();
        for (FeatureSpec feature : spec.features()) {
            double index = index(feature.name(), champion, present);
            if (index > DIFFERENT) {
                findings.add(
                        Finding.warning(
                                "skew",
                                feature.name(),
                                String.format(
                                        Locale.ROOT,
                                        "stability index %.2f of the %,d rows newer than the champion's training data, against that data",
                                        index,
                                        present.rows()),
                                "at most " + DIFFERENT));
            }
        }
        return findings;
    }

    private static double index(String feature, TableProfile champion, TableProfile present) {
        if (champion.number(feature).isPresent() && present.number(feature).isPresent()) {
            return PopulationStability.index(
                    champion.number(feature).get(), present.number(feature).get());
        }
        if (champion.category(feature).isPresent() && present.category(feature).isPresent()) {
            return PopulationStability.index(
                    champion.category(feature).get(), present.category(feature).get());
        }
        return 0; // a feature that the champion doesn't have
    }
}
