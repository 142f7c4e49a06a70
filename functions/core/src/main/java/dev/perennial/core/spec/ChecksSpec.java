package dev.perennial.core.spec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How data is validated.
 *
 * @param falseAlarms probability that data in which nothing changed has a finding of those checks
 *     that compare samples, all columns together, for each such check
 * @param settings what differs from the standard
 */
public record ChecksSpec(double falseAlarms, Map<Check, Setting> settings) {
    public static final ChecksSpec STANDARD = new ChecksSpec(0.01, Map.of());

    public ChecksSpec {
        settings = settings.isEmpty() ? Map.of() : new EnumMap<>(settings);
    }

    /** How serious a finding is. */
    public enum Level {
        IGNORE,
        INFO,
        WARNING,
        ERROR
    }

    /**
     * What a spec says of a check.
     *
     * @param level in place of the check's own
     * @param threshold in place of the check's own
     */
    public record Setting(Optional<Level> level, OptionalDouble threshold) {}

    /** How serious findings of a check are; empty: as the check has it. */
    public Optional<Level> level(Check check) {
        return Optional.ofNullable(settings.get(check)).flatMap(Setting::level);
    }

    /**
     * Where a check begins.
     *
     * @throws IllegalArgumentException if it has no threshold
     */
    public double threshold(Check check) {
        Setting setting = settings.get(check);
        return (setting == null || setting.threshold().isEmpty()
                        ? check.threshold()
                        : setting.threshold())
                .orElseThrow(
                        () -> new IllegalArgumentException(check.rule() + " has no threshold"));
    }
}
