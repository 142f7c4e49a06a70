package dev.perennial.core.promotion;

/** Where answers go. */
@FunctionalInterface
public interface Answers {
    /**
     * Sends an answer to the run that asked.
     *
     * @return false if the run waits no more: it was answered before, its time is over, or it ended
     */
    boolean send(Question question, Answer answer);
}
