package dev.perennial.core.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names that columns of one table can have together: DuckDB tells none apart by case alone. */
final class Names {
    /** Of DuckDB's virtual columns, by which the join finds rows. */
    private static final Set<String> RESERVED =
            Set.of("file_index", "file_row_number", "filename", "rowid");

    private Names() {}

    /** Notes names that repeat or are reserved. */
    static void check(YamlMap root, String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!seen.add(lower)) {
                root.problem(
                        key,
                        "'" + name + "' twice among time, key and columns",
                        "each name once, whatever its case");
            }
            if (RESERVED.contains(lower)) {
                root.problem(key, "'" + name + "'", "another name: the join uses it");
            }
        }
    }
}
