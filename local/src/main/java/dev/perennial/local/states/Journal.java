package dev.perennial.local.states;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An execution's history: one order for the events of all its branches, told to the listener in
 * that order.
 */
final class Journal {
    private final String executionArn;
    private final InstantSource clock;
    private final ExecutionListener listener;
    private final List<ExecutionEvent> events = new ArrayList<>();

    Journal(String executionArn, InstantSource clock, ExecutionListener listener) {
        this.executionArn = executionArn;
        this.clock = clock;
        this.listener = listener;
    }

    synchronized void note(Function<Instant, ExecutionEvent> event) {
        ExecutionEvent noted = event.apply(clock.instant());
        events.add(noted);
        listener.onEvent(executionArn, noted);
    }

    synchronized List<ExecutionEvent> events() {
        return List.copyOf(events);
    }
}
