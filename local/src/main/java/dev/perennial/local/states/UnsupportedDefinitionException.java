package dev.perennial.local.states;

import java.io.Serial;
import java.util.List;

/**
 * Thrown when a definition is wrong or uses something the executor does not implement. Lists every
 * problem at once.
 */
public final class UnsupportedDefinitionException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    UnsupportedDefinitionException(List<String> problems) {
        super(
                "The state machine definition has "
                        + (problems.size() == 1 ? "a problem: " : problems.size() + " problems: ")
                        + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, naming state and field. */
    public List<String> problems() {
        return problems;
    }
}
