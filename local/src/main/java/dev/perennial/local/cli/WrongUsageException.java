package dev.perennial.local.cli;

/** Thrown when a command can't do what it was told because of how it was told. */
final class WrongUsageException extends RuntimeException {
    WrongUsageException(String message) {
        super(message);
    }
}
