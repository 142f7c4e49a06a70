package dev.perennial.core.retrain;

/**
 * What a policy wants for the period that begins.
 *
 * @param retrain whether to pay for a run, whose model then serves
 * @param serve the model to serve otherwise, by the period it first went live; bringing one back
 *     costs nothing
 * @param probe whether to train a probe on the newest labelled rows
 * @param why in a sentence, with the numbers that decided
 */
public record Advice(boolean retrain, int serve, boolean probe, String why) {}
