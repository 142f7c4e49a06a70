package dev.perennial.core.promotion;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The questions that are open. */
public interface Questions {
    /** Asks. The same run asks once; asked again, the newer question counts. */
    void ask(Question question);

    /** Closes a run's question, if it has one. */
    void close(String pipeline, String run);

    /** In the order of their runs' names. */
    List<Question> open(String pipeline);

    /** The newest of those whose version predicts beside the champion. */
    default Optional<Question> trial(String pipeline) {
        return trial(open(pipeline));
    }

    /** The newest of some whose version predicts beside the champion. */
    static Optional<Question> trial(List<Question> open) {
        return open.stream()
                .filter(Question::predictsBeside)
                .max(Comparator.comparing(Question::askedAt));
    }
}
