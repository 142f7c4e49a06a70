package dev.perennial.core.trigger;

import java.util.List;
import java.util.Optional;

/** Keeps every decision, and lets one event start one run however often it is delivered. */
public interface DecisionLog {
    /** The decision that stands for an event, if one of its copies was decided already. */
    Optional<Decision> standing(String pipeline, String event);

    /** The runs started lately. */
    Starts starts(String pipeline);

    /**
     * Lets a decision stand for its event, and writes it down; one atomic write.
     *
     * @param starts as they are after it
     * @param expectedRevision of the starts that it was decided on
     * @return false if a copy of the event, or another event, was faster; nothing is written then
     */
    boolean stand(Decision decision, Starts starts, long expectedRevision);

    /**
     * Writes down what was decided of a further copy of an event. The same delivery counts once.
     */
    void note(Decision copy);

    /** Whether others were told of an event and of what was decided on it. */
    boolean isAnnounced(String pipeline, String event);

    /** Writes down that they were. */
    void announced(String pipeline, String event);

    /** Decisions, the newest event first, at most so many. */
    List<Decision> latest(String pipeline, int most);
}
