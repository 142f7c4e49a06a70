package dev.perennial.core.promotion;

/** The runs that wait for answers. */
public interface Answers {
    /**
     * Sends an answer to the run that asked.
     *
     * @return false if the run waits no more: it was answered before, its time is over, or it ended
     */
    boolean send(Question question, Answer answer);

    /** Whether the run waits still: one that was stopped or timed out asks for nothing. */
    boolean isAwaited(Question question);
}
