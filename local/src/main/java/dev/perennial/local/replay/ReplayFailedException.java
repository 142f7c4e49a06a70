package dev.perennial.local.replay;

/** Thrown when a history can't be replayed to its end. */
public final class ReplayFailedException extends RuntimeException {
    ReplayFailedException(String why) {
        super(why);
    }
}
