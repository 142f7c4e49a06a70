package dev.perennial.core.promotion;

import java.util.List;

/** The questions that are open. */
public interface Questions {
    /** Asks. The same run asks once; asked again, the newer question counts. */
    void ask(Question question);

    /** Closes a run's question, if it has one. */
    void close(String pipeline, String run);

    /** In the order of their runs' names. */
    List<Question> open(String pipeline);
}
