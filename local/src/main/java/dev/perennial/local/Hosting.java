package dev.perennial.local;

/** Where a local cloud's functions run. */
public enum Hosting {
    /** Each call in a process of its own, with Lambda's limits: what runs there runs on AWS. */
    PROCESSES,
    /** All in this JVM, many times faster and without those limits: for replays. */
    THIS_JVM;

    /** What {@code --fast} says. */
    public static Hosting of(boolean fast) {
        return fast ? THIS_JVM : PROCESSES;
    }
}
