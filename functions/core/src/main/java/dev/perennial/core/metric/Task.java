package dev.perennial.core.metric;

/** What a model predicts. */
public enum Task {
    BINARY,
    MULTICLASS,
    REGRESSION
}
