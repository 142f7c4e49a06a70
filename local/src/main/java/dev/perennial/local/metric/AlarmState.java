package dev.perennial.local.metric;

/** What an alarm says. Spelt as CloudWatch does. */
public enum AlarmState {
    OK,
    ALARM,
    INSUFFICIENT_DATA
}
