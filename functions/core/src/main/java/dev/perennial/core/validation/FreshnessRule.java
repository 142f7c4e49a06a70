package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.table.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The newest row is new enough. */
final class FreshnessRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        long[] micros = subject.table().time(subject.spec().time()).micros();
        if (micros.length == 0) {
            return List.of();
        }
        Instant newest = EventTime.instant(Arrays.stream(micros).max().orElseThrow());
        Duration age = Duration.between(newest, subject.startedAt());
        return subject.spec().data().maxAge().stream()
                .filter(maxAge -> age.compareTo(maxAge) > 0)
                .map(maxAge ->
                        Finding.error(
                                Check.FRESHNESS,
                                subject.spec().time(),
                                "the newest row is of %s".formatted(newest),
                                "one no older than %s (data.maxAge)".formatted(maxAge)))
                .toList();
    }
}
