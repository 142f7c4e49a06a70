package dev.perennial.core.trigger;

class InMemoryDecisionLogTest extends DecisionLogContract {
    private final DecisionLog log = new InMemoryDecisionLog();

    @Override
    protected DecisionLog log() {
        return log;
    }
}
