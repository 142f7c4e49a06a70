package dev.perennial.aws;

/**
 * One box of the state machine: a small record in, a small record out; anything large is an
 * artifact.
 */
@FunctionalInterface
public interface Step<I, O> {
    O apply(I input);
}
