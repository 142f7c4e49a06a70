package dev.perennial.core.drift;

/** What of a column's distribution is compared. */
public enum Aspect {
    /** The shares of all bins, missing values too: the population stability index. */
    SHARES,
    /** Whether values lie higher or lower. Numbers only. */
    LOCATION,
    /** Whether values lie further apart or closer together. Numbers only. */
    SPREAD
}
