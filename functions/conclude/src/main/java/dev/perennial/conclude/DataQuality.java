package dev.perennial.conclude;

import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.validation.Finding;
import dev.perennial.core.validation.Severity;
import dev.perennial.page.ColumnCards;
import dev.perennial.page.ColumnCards.Badge;
import dev.perennial.page.Html;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The report's part about the data: each column, those with findings first. */
final class DataQuality {
    private final Map<String, List<Finding>> findings;

    private DataQuality(List<Finding> findings) {
        this.findings = findings.stream().collect(Collectors.groupingBy(Finding::column));
    }

    static void write(
            Html html, List<Finding> findings, TableProfile now, Optional<TableProfile> then) {
        DataQuality quality = new DataQuality(findings);
        html.heading("Data");
        new ColumnCards(html, now, then, quality::badges)
                .write(
                        now.columns().stream()
                                .sorted(
                                        Comparator.comparing(
                                                quality::worst,
                                                Comparator.nullsLast(Comparator.reverseOrder())))
                                .toList(),
                        "this run's",
                        "%,d more columns, without findings of their own, are in profile.json.");
    }

    private @org.jspecify.annotations.Nullable Severity worst(ColumnProfile column) {
        return of(column.name()).stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<Badge> badges(String column) {
        return of(column).stream()
                .map(finding -> new Badge(finding.severity().name(), finding.rule()))
                .toList();
    }

    private List<Finding> of(String column) {
        return findings.getOrDefault(column, List.of());
    }
}
