package dev.perennial.local;

import dev.perennial.core.error.ConflictException;
import java.nio.file.Path;

/** Thrown when another process works with the same folder. */
public final class HomeInUseException extends ConflictException {
    public HomeInUseException(Path home) {
        super(
                "another perennial command is using %s; wait for it, or give this one its own folder with --home"
                        .formatted(home));
    }
}
