package dev.perennial.core.monitor;

/**
 * What has become of everything that came, since the first look. They add up: {@code predictions =
 * labelled + open + unlabelled}, and {@code labels = matched + duplicates + conflicts + foreign +
 * unknown + waiting}, where open and waiting are what is kept for later.
 *
 * @param predictions different ones, shadows apart
 * @param repeated predictions that were there already
 * @param labelled predictions whose label came
 * @param unlabelled predictions whose label did not come in time
 * @param labels all that came
 * @param matched labels that found at least one prediction
 * @param duplicates labels that said what was known
 * @param conflicts labels that contradicted one that came before; the first one counts
 * @param foreign labels that are neither of a binary model's classes, so an error in the data and
 *     none of the model's
 * @param unknown labels whose prediction did not come in time
 */
public record Counts(
        long predictions,
        long repeated,
        long labelled,
        long unlabelled,
        long labels,
        long matched,
        long duplicates,
        long conflicts,
        long foreign,
        long unknown) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
