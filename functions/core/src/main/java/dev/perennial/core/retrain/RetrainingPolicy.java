package dev.perennial.core.retrain;

/** Decides, before each period of live traffic, whether a new model is worth a run. */
public sealed interface RetrainingPolicy permits Never, FixedPeriod, OnAlarm, OwnErrors, BreakEven {
    /**
     * Decides. The same evidence gives the same advice: what a policy remembers is in the evidence.
     */
    Advice advise(Evidence evidence);
}
