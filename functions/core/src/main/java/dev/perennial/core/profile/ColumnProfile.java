package dev.perennial.core.profile;

import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;

/** What is known of one column. */
public sealed interface ColumnProfile permits NumberProfile, CategoryProfile, TimeProfile {
    /** Profiles a column. */
    static ColumnProfile of(Column column) {
        return switch (column) {
            case NumberColumn each -> NumberProfile.of(each);
            case CategoryColumn each -> CategoryProfile.of(each);
            case TimeColumn each -> TimeProfile.of(each);
        };
    }

    String name();

    /** Values that are there. */
    long count();

    /** Missing values. */
    long nulls();

    default long rows() {
        return count() + nulls();
    }

    /** Missing values' share of all rows, 0 to 1. */
    default double nullShare() {
        return rows() == 0 ? 0 : (double) nulls() / rows();
    }
}
