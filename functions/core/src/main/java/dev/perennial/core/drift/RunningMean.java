package dev.perennial.core.drift;

/** The mean of values so far; 0 of none. */
record RunningMean(long count, double value) {
    static final RunningMean NONE = new RunningMean(0, 0);

    RunningMean and(double next) {
        return new RunningMean(count + 1, value + 1.0 / (count + 1) * (next - value));
    }
}
