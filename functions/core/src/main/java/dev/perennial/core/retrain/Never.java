package dev.perennial.core.retrain;

/** The first model for ever: what any other policy has to beat. */
public record Never() implements RetrainingPolicy {
    @Override
    public Advice advise(Evidence evidence) {
        return Advice.plain(evidence, false, "never");
    }
}
