package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
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
        List<Integer> repeated = new ArrayList<>();
        for (int from = 0; from < micros.length; ) {
            int to = from + 1;
            while (to < micros.length && micros[to] == micros[from]) {
                to++;
            }
            if (to - from > 1) {
                Set<List<String>> entities = new HashSet<>();
                for (int row = from; row < to; row++) {
                    if (!entities.add(entity(spec, table, row))) {
                        repeated.add(row);
                    }
                }
            }
            from = to;
        }
        if (repeated.isEmpty()) {
            return List.of();
        }
        int[] rows = repeated.stream().mapToInt(Integer::intValue).toArray();
        List<String> entity = entity(spec, table, rows[0]);
        String found =
                "%,d rows repeat a moment, the first at %s%s"
                        .formatted(
                                rows.length,
                                subject.moment(rows[0]),
                                entity.isEmpty() || !spec.personalKeys().isEmpty()
                                        ? ""
                                        : " of " + String.join(", ", entity));
        return spec.key().isEmpty()
                ? List.of(
                        Finding.warning(
                                        Check.UNIQUENESS,
                                        spec.time(),
                                        found,
                                        "one row per moment, or a key in the spec")
                                .in(rows, table.rows()))
                : List.of(
                        Finding.error(
                                        Check.UNIQUENESS,
                                        spec.time(),
                                        found,
                                        "one row per %s and moment".formatted(spec.key()))
                                .in(rows, table.rows()));
    }

    private static List<String> entity(PipelineSpec spec, Table table, int row) {
        return spec.key().stream().map(key -> table.category(key).text(row)).toList();
    }
}
