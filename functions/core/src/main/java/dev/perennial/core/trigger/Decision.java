package dev.perennial.core.trigger;

import java.time.Instant;
import java.util.Optional;

/**
 * What was decided about one delivery of an event.
 *
 * @param event its key
 * @param delivery names this copy of it
 * @param at when the event happened
 * @param what happened, in a few words
 * @param run that it started; empty where it was declined
 * @param reason in a sentence
 */
public record Decision(
        String pipeline,
        String event,
        String delivery,
        Instant at,
        String what,
        Optional<String> run,
        String reason) {
    /** Whether it started a run. */
    public boolean starts() {
        return run.isPresent();
    }
}
