package dev.perennial.conclude;

import dev.perennial.conclude.Charts.Pair;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.text.Shortened;
import dev.perennial.core.validation.Finding;
import dev.perennial.core.validation.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The report's part about the data: for each column a picture of now and of the champion's training
 * data, those with findings first.
 */
final class DataQuality {
    private static final int BINS = 24;
    private static final int TOP_CATEGORIES = 8;

    /** A page of more would be slow to open. */
    private static final int MOST_COLUMNS = 300;

    private final Html html;
    private final Map<String, List<Finding>> findings;
    private final TableProfile now;
    private final Optional<TableProfile> then;

    DataQuality(Html html, List<Finding> findings, TableProfile now, Optional<TableProfile> then) {
        this.html = html;
        this.findings = findings.stream().collect(Collectors.groupingBy(Finding::column));
        this.now = now;
        this.then = then;
    }

    void write() {
        html.heading("Data");
        if (then.isPresent()) {
            html.raw(
                            "<p class=soft><span class='key now'></span> this run's %,d rows "
                                    .formatted(now.rows()))
                    .raw(
                            "<span class='key then'></span> the champion's %,d rows; both as shares</p>"
                                    .formatted(then.get().rows()));
        }
        List<ColumnProfile> columns =
                now.columns().stream()
                        .filter(column -> !(column instanceof TimeProfile))
                        .sorted(
                                Comparator.comparing(
                                        this::worst,
                                        Comparator.nullsLast(Comparator.reverseOrder())))
                        .toList();
        html.raw("<div class=grid>");
        columns.stream().limit(MOST_COLUMNS).forEach(this::card);
        html.raw("</div>");
        if (columns.size() > MOST_COLUMNS) {
            html.paragraph(
                    "soft",
                    "%,d more columns, without findings of their own, are in profile.json."
                            .formatted(columns.size() - MOST_COLUMNS));
        }
    }

    private @org.jspecify.annotations.Nullable Severity worst(ColumnProfile column) {
        return of(column).stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<Finding> of(ColumnProfile column) {
        return findings.getOrDefault(column.name(), List.of());
    }

    private void card(ColumnProfile column) {
        html.raw("<div class=card><h3>").text(column.name());
        of(column)
                .forEach(finding ->
                        html.raw(" <span class='badge " + finding.severity() + "'>")
                                .text(finding.rule())
                                .raw("</span>"));
        html.raw("</h3>");
        if (column.count() == 0) {
            html.paragraph("soft", "no value at all");
        } else {
            switch (column) {
                case NumberProfile numbers -> numbers(numbers);
                case CategoryProfile categories -> categories(categories);
                case TimeProfile _ -> {}
            }
        }
        html.paragraph("soft", missing(column));
        html.raw("</div>");
    }

    private void numbers(NumberProfile column) {
        Optional<NumberProfile> before =
                then.flatMap(profile -> profile.number(column.name()))
                        .filter(each -> each.count() > 0);
        double low = before.map(each -> Math.min(each.min(), column.min())).orElse(column.min());
        double high = before.map(each -> Math.max(each.max(), column.max())).orElse(column.max());
        html.raw(
                Charts.thenAndNow(
                        shares(column, low, high),
                        before.map(each -> shares(each, low, high)),
                        low,
                        high));
        html.paragraph(
                "soft",
                "median %s%s, mean %s%s"
                        .formatted(
                                Charts.plain(column.quantile(0.5)),
                                was(before.map(each -> Charts.plain(each.quantile(0.5)))),
                                Charts.plain(column.mean()),
                                was(before.map(each -> Charts.plain(each.mean())))));
    }

    private static double[] shares(NumberProfile column, double low, double high) {
        double width = high / BINS - low / BINS;
        if (!(width > Math.ulp(Math.max(Math.abs(low), Math.abs(high))))) {
            return new double[] {1};
        }
        double[] edges = new double[BINS - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = low + width * (i + 1);
        }
        return column.shares(edges);
    }

    private void categories(CategoryProfile column) {
        Optional<CategoryProfile> before =
                then.flatMap(profile -> profile.category(column.name()))
                        .filter(each -> each.count() > 0);
        Set<String> values = new LinkedHashSet<>();
        column.top(TOP_CATEGORIES).forEach(each -> values.add(each.value()));
        before.ifPresent(each ->
                each.top(TOP_CATEGORIES / 2).stream().map(Frequency::value).forEach(values::add));
        List<Pair> pairs = new ArrayList<>();
        for (String value : values) {
            pairs.add(
                    new Pair(
                            Shortened.shown(value, 21),
                            column.share(value),
                            before.map(each -> each.share(value))));
        }
        html.raw(Charts.pairs(pairs));
    }

    private String missing(ColumnProfile column) {
        Optional<ColumnProfile> before = then.flatMap(profile -> profile.column(column.name()));
        return "%s missing%s, about %,d distinct%s"
                .formatted(
                        percent(column.nullShare()),
                        was(before.map(each -> percent(each.nullShare()))),
                        distinct(column),
                        was(before.map(each -> "%,d".formatted(distinct(each)))));
    }

    private static long distinct(ColumnProfile column) {
        return switch (column) {
            case NumberProfile numbers -> numbers.distinct();
            case CategoryProfile categories -> categories.distinct();
            case TimeProfile _ -> 0;
        };
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String was(Optional<String> before) {
        return before.map(each -> " (was %s)".formatted(each)).orElse("");
    }
}
