package dev.perennial.core.validation;

import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Columns stored as they were for the champion, and alike in all files. A number that becomes a
 * text between two exports is read all the same, and may not mean the same.
 */
final class SchemaRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        Map<String, Set<String>> types = subject.manifest().columnTypes();
        types.forEach((column, kinds) -> {
            if (kinds.size() > 1) {
                findings.add(
                        Finding.warning(
                                Check.SCHEMA,
                                column,
                                "stored as %s in different files"
                                        .formatted(String.join(" and ", new TreeSet<>(kinds))),
                                "one type in all files"));
            }
        });
        subject.championManifest().ifPresent(champion -> changed(types, champion, findings));
        return findings;
    }

    private static void changed(
            Map<String, Set<String>> types, SnapshotManifest champion, List<Finding> findings) {
        champion.columnTypes()
                .forEach((column, before) -> {
                    Set<String> now = types.getOrDefault(column, Set.of());
                    if (before.size() == 1 && now.size() == 1 && !before.equals(now)) {
                        findings.add(
                                Finding.warning(
                                        Check.SCHEMA,
                                        column,
                                        "stored as " + now.iterator().next(),
                                        "%s, as for the champion"
                                                .formatted(before.iterator().next())));
                    }
                });
    }
}
