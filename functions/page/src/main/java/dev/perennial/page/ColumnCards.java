package dev.perennial.page;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.text.Shortened;
import dev.perennial.page.Charts.Pair;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A picture of each column, now and then. */
public final class ColumnCards {
    private static final int BINS = 24;
    private static final int TOP_CATEGORIES = 8;

    /** A page of more would be slow to open. */
    private static final int MOST_COLUMNS = 300;

    private final Html html;
    private final TableProfile now;
    private final Optional<TableProfile> then;
    private final Function<String, List<Badge>> badges;

    /**
     * What is said beside a column's name.
     *
     * @param style of the page: ERROR, WARNING or INFO
     */
    public record Badge(String style, String text) {}

    /**
     * Into a page.
     *
     * @param badges by a column's name
     */
    public ColumnCards(
            Html html,
            TableProfile now,
            Optional<TableProfile> then,
            Function<String, List<Badge>> badges) {
        this.html = html;
        this.now = now;
        this.then = then;
        this.badges = badges;
    }

    /**
     * Writes the cards of columns that aren't times, in this order.
     *
     * @param whose words for the rows of now, such as "this run's"
     * @param rest what is said of columns beyond the most that a page shows, with their number
     */
    public void write(List<ColumnProfile> columns, String whose, String rest) {
        if (then.isPresent()) {
            html.raw("<p class=soft><span class='key now'></span> ")
                    .text("%s %,d rows ".formatted(whose, now.rows()))
                    .raw("<span class='key then'></span> ")
                    .text("the champion's %,d rows; both as shares".formatted(then.get().rows()))
                    .raw("</p>");
        }
        List<ColumnProfile> shown =
                columns.stream().filter(column -> !(column instanceof TimeProfile)).toList();
        html.raw("<div class=grid>");
        shown.stream().limit(MOST_COLUMNS).forEach(this::card);
        html.raw("</div>");
        if (shown.size() > MOST_COLUMNS) {
            html.paragraph("soft", rest.formatted(shown.size() - MOST_COLUMNS));
        }
    }

    private void card(ColumnProfile column) {
        html.raw("<div class=card><h3>").text(column.name());
        badges.apply(column.name())
                .forEach(badge ->
                        html.raw(" <span class='badge " + badge.style() + "'>")
                                .text(badge.text())
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
