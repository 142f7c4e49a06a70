package dev.perennial.core.retrain;

/** What a run would gain against what it costs. */
public sealed interface Worth permits LiveWorth, ProbedWorth {
    /** Whether a run should be paid for now. */
    boolean pays();

    /** In a sentence, with the numbers that decide. */
    String words();
}
