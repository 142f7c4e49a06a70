package dev.perennial.core.spec;

import dev.perennial.core.error.PermanentException;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown when a spec is wrong; carries everything that is wrong, not only the first. */
public final class InvalidSpecException extends PermanentException {
    private final transient List<SpecProblem> problems;

    public InvalidSpecException(List<SpecProblem> problems) {
        super(problems.stream().map(SpecProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<SpecProblem> problems() {
        return problems;
    }
}
