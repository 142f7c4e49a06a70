package dev.perennial.core.metric;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A measure of predictions, by its name in a spec. Where it is undefined, such as AUC with one
 * class, it is absent.
 */
public enum Metric {
    /**
     * Area under the ROC curve, ties counted half (Hanley and McNeil 1982); more classes: mean of
     * one against the rest.
     */
    AUC("auc", "AUC", true, Task.BINARY, Task.MULTICLASS),
    /**
     * Mean −log of the true class's probability, clipped to [2⁻⁵², 1 − 2⁻⁵²] as scikit-learn does
     * for float64.
     */
    LOG_LOSS("logLoss", "Log loss", false, Task.BINARY, Task.MULTICLASS),
    /**
     * Mean squared error of the positive class's probability; more classes: summed over classes
     * (Brier 1950).
     */
    BRIER("brier", "Brier score", false, Task.BINARY, Task.MULTICLASS),
    /** Share of rows whose most probable class is the true one; the first of equals counts. */
    ACCURACY("accuracy", "Accuracy", true, Task.BINARY, Task.MULTICLASS),
    /**
     * Harmonic mean of precision and recall of the positive class; more classes: mean over classes.
     * 0 where 0/0.
     */
    F1("f1", "F1", true, Task.BINARY, Task.MULTICLASS),
    /**
     * Expected calibration error (Naeini et al. 2015): mean distance of predicted and observed
     * share over 15 equal bins of the positive class's probability; more classes: of the most
     * probable class's.
     */
    CALIBRATION_ERROR("calibrationError", "Calibration error", false, Task.BINARY, Task.MULTICLASS),
    /** Root mean squared error, in the label's unit. */
    RMSE("rmse", "RMSE", false, Task.REGRESSION),
    /** Mean absolute error, in the label's unit. */
    MAE("mae", "MAE", false, Task.REGRESSION),
    /** 1 − residual variance / variance of the targets; undefined for constant targets. */
    R2("r2", "R²", true, Task.REGRESSION),
    /** Pinball loss at the median: half the mean absolute error (Koenker and Bassett 1978). */
    PINBALL("pinball", "Pinball loss", false, Task.REGRESSION);

    private final String key;
    private final String title;
    private final boolean higherIsBetter;
    private final Set<Task> tasks;

    Metric(String key, String title, boolean higherIsBetter, Task first, Task... others) {
        this.key = key;
        this.title = title;
        this.higherIsBetter = higherIsBetter;
        this.tasks = EnumSet.of(first, others);
    }

    public static Optional<Metric> named(String key) {
        return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
    }

    public static List<Metric> of(Task task) {
        return Arrays.stream(values()).filter(each -> each.suits(task)).toList();
    }

    /** By which candidates are chosen. */
    public static Metric loss(Task task) {
        return task == Task.REGRESSION ? RMSE : LOG_LOSS;
    }

    /** Its name in a spec. */
    public String key() {
        return key;
    }

    /** Its name in a report. */
    public String title() {
        return title;
    }

    public boolean higherIsBetter() {
        return higherIsBetter;
    }

    public boolean suits(Task task) {
        return tasks.contains(task);
    }

    /** The metric of all rows. */
    public OptionalDouble of(Predictions predictions) {
        int[] once = new int[predictions.rows()];
        Arrays.fill(once, 1);
        return Weighted.of(this, predictions).apply(once);
    }
}
