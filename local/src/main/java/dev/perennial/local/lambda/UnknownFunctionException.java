package dev.perennial.local.lambda;

import dev.perennial.core.error.PermanentException;
import java.util.List;

/** Thrown when a function is invoked that the template doesn't declare. */
public final class UnknownFunctionException extends PermanentException {
    public UnknownFunctionException(String name, List<String> known) {
        super("no function '%s'; the template has %s".formatted(name, String.join(", ", known)));
    }
}
