package dev.perennial.core.profile;

/** What is known of one column. */
public sealed interface ColumnProfile permits NumberProfile, CategoryProfile, TimeProfile {
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
