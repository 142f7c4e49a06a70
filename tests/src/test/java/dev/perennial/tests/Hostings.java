package dev.perennial.tests;

/** What only one test at a time can have. */
final class Hostings {
    /** The place for functions in this JVM. */
    static final String THIS_JVM = "functions in this JVM";

    private Hostings() {}
}
