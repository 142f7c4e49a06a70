package dev.perennial.core.promotion;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Questions by their run. */
public final class InMemoryQuestions implements Questions {
    private final Map<String, Question> open = new TreeMap<>();

    @Override
    public void ask(Question question) {
        open.put(question.run(), question);
    }

    @Override
    public void close(String pipeline, String run) {
        open.remove(run);
    }

    @Override
    public List<Question> open(String pipeline) {
        return List.copyOf(open.values());
    }
}
