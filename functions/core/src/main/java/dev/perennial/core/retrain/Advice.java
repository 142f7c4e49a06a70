package dev.perennial.core.retrain;

import java.util.OptionalDouble;

/**
 * What a policy wants for the period that begins.
 *
 * @param retrain whether to pay for a run, whose model then serves
 * @param serve the model to serve otherwise, by the period it first went live; bringing one back
 *     costs nothing
 * @param probe whether to train a probe on the newest labelled rows
 * @param saved what models that are always fresh would have saved since the last run, in the unit
 *     of {@link Evidence#price}; empty where a policy doesn't estimate it
 * @param why in a sentence, with the numbers that decided
 */
public record Advice(boolean retrain, int serve, boolean probe, OptionalDouble saved, String why) {
    /** Of a policy that neither estimates nor probes nor brings back. */
    static Advice plain(Evidence evidence, boolean retrain, String why) {
        return new Advice(retrain, evidence.course().live(), false, OptionalDouble.empty(), why);
    }
}
