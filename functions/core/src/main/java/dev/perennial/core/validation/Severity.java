package dev.perennial.core.validation;

/** What a finding means for the run. */
public enum Severity {
    /** Worth knowing. */
    INFO,
    /** The run goes on; a person should look. */
    WARNING,
    /** The data is rejected. */
    ERROR
}
