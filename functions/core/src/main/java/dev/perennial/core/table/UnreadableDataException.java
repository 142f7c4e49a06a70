package dev.perennial.core.table;

import dev.perennial.core.error.PermanentException;

/**
 * Thrown when a data file as a whole can't be read: not what its name says, broken, or without a
 * needed column.
 */
public final class UnreadableDataException extends PermanentException {
    public UnreadableDataException(String file, String problem) {
        super(file + ": " + problem);
    }

    public UnreadableDataException(String file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
