package dev.perennial.core.drift;

/** How far live data lie from the reference, and how far they would lie by chance. */
public sealed interface Shift permits PopulationStability {
    /** The measure, at least 0. */
    double value();

    /** What a drift-free sample of this size exceeds with probability {@link #falseAlarmRate}. */
    double threshold();

    /** The probability of an alarm in one comparison without drift, above 0 and below 1. */
    double falseAlarmRate();

    default boolean alarming() {
        return value() > threshold();
    }
}
