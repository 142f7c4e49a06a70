package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One row per entity and moment. */
final class UniquenessRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        PipelineSpec spec = subject.spec();
        Table table = subject.table();
        long[] micros = table.time(spec.time()).micros();
        Set<List<String>> atThisMoment = new HashSet<>();
        long repeated = 0;
        String first = "";
        for (int row = 0; row < micros.length; row++) {
            if (row > 0 && micros[row] != micros[row - 1]) {
                atThisMoment =
                        new HashSet<>(); // clearing one that was huge takes as long as it was
            }
            List<String> entity = entity(spec, table, row);
            if (!atThisMoment.add(entity)) {
                repeated++;
                first =
                        first.isEmpty()
                                ? EventTime.instant(micros[row])
                                        + (entity.isEmpty() || !spec.personalKeys().isEmpty()
                                                ? ""
                                                : " of " + String.join(", ", entity))
                                : first;
            }
        }
        if (repeated == 0) {
            return List.of();
        }
        String found = "%,d rows repeat a moment, the first at %s".formatted(repeated, first);
        return spec.key().isEmpty()
                ? List.of(
                        Finding.warning(
                                Check.UNIQUENESS,
                                spec.time(),
                                found,
                                "one row per moment, or a key in the spec"))
                : List.of(
                        Finding.error(
                                Check.UNIQUENESS,
                                spec.time(),
                                found,
                                "one row per %s and moment".formatted(spec.key())));
    }

    private static List<String> entity(PipelineSpec spec, Table table, int row) {
        return spec.key().stream().map(key -> table.category(key).text(row)).toList();
    }
}
