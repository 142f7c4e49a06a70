package dev.perennial.core.promotion;

/**
 * The decision on a question.
 *
 * @param promote yes or no
 * @param by who or what decided
 * @param reason in a sentence
 */
public record Answer(boolean promote, String by, String reason) {}
