package dev.perennial.local.doctor;

/**
 * One thing that was looked at.
 *
 * @param what was found, in a sentence
 * @param todo what to do about it; "" if nothing
 */
public record Finding(Level level, String what, String todo) {
    /** How it is. */
    public enum Level {
        /** As it should be. */
        FINE,
        /** Works, but somebody may want to know. */
        NOTE,
        /** Doesn't work. */
        BROKEN
    }

    static Finding fine(String what) {
        return new Finding(Level.FINE, what, "");
    }

    static Finding note(String what, String todo) {
        return new Finding(Level.NOTE, what, todo);
    }

    static Finding broken(String what, String todo) {
        return new Finding(Level.BROKEN, what, todo);
    }
}
