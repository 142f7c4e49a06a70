package dev.perennial.core.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A number that a candidate is trained with, with its default value and its default search range.
 */
public enum Hyperparameter {
    /** Shrinkage of each tree. */
    ETA("eta", TrainerName.XGBOOST, Scale.LOG, 0.1, 0.03, 0.3, 1e-4, 1),
    /** Deepest tree, in splits. */
    MAX_DEPTH("maxDepth", TrainerName.XGBOOST, Scale.INTEGER, 6, 3, 9, 1, 16),
    /** Least sum of hessians in a leaf. */
    MIN_CHILD_WEIGHT("minChildWeight", TrainerName.XGBOOST, Scale.LOG, 1, 1, 20, 0, 1e6),
    /** Share of rows per tree. */
    SUBSAMPLE("subsample", TrainerName.XGBOOST, Scale.LINEAR, 1, 0.6, 1, 0.01, 1),
    /** Share of columns per tree. */
    COLSAMPLE("colsample", TrainerName.XGBOOST, Scale.LINEAR, 1, 0.6, 1, 0.01, 1),
    /** L2 penalty on leaf weights. */
    LAMBDA("lambda", TrainerName.XGBOOST, Scale.LOG, 1, 0.1, 10, 0, 1e6),
    /** L2 penalty on the weights of the linear model, per row. */
    L2("l2", TrainerName.LINEAR, Scale.LOG, 1e-3, 1e-5, 1, 0, 1e6);

    /** How values between the ends of a range are drawn. */
    public enum Scale {
        LINEAR,
        LOG,
        INTEGER
    }

    private final String key;
    private final TrainerName trainer;
    private final Scale scale;
    private final double standard;
    private final Range search;
    private final Range legal;

    Hyperparameter(
            String key,
            TrainerName trainer,
            Scale scale,
            double standard,
            double searchLow,
            double searchHigh,
            double legalLow,
            double legalHigh) {
        this.key = key;
        this.trainer = trainer;
        this.scale = scale;
        this.standard = standard;
        this.search = new Range(searchLow, searchHigh);
        this.legal = new Range(legalLow, legalHigh);
    }

    public static List<Hyperparameter> of(TrainerName trainer) {
        return Arrays.stream(values()).filter(each -> each.trainer == trainer).toList();
    }

    public static Optional<Hyperparameter> named(String key) {
        return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
    }

    /** Its name in a spec. */
    public String key() {
        return key;
    }

    public TrainerName trainer() {
        return trainer;
    }

    public Scale scale() {
        return scale;
    }

    /** What the first candidate uses. */
    public double standard() {
        return standard;
    }

    /** Where the other candidates are drawn from unless the spec says otherwise. */
    public Range search() {
        return search;
    }

    /** What a spec may ask for. */
    public Range legal() {
        return legal;
    }
}
