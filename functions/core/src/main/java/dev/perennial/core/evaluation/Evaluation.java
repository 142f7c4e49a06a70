package dev.perennial.core.evaluation;

import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.TrainerName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Everything evaluation found out about a run's candidates.
 *
 * @param classes in the order of probabilities; empty for regression
 * @param rows per part of the split
 * @param candidates every candidate that was trained or failed, by index
 * @param chosen index of the best candidate by validation loss
 * @param average of the best candidates, where the spec wants one; then that is judged as {@code
 *     candidate}
 * @param former champions of before on the validation split, and whether one of them is judged in
 *     the candidate's place; empty in what older factories wrote
 * @param championVersion the version compared with; empty: there was none
 * @param championRevision revision of the champion alias at that moment; 0: none. Promotion needs
 *     it unchanged
 * @param scores on the test split: {@code candidate}, {@code champion}, {@code linear}, {@code
 *     previousLabel}, where they exist
 * @param resampling how the scores' intervals and the gates' bounds were made
 * @param parity trainer against ONNX file on raw test rows; empty where a former champion is judged
 * @param curve calibration of the candidate on the test split; empty for regression
 * @param predicted by the candidate on the test split; empty in what older factories wrote
 * @param importance share of gain by feature, descending, sums to 1 (or empty)
 * @param accepted all gates passed
 */
public record Evaluation(
        Task task,
        List<String> classes,
        Rows rows,
        List<CandidateScore> candidates,
        int chosen,
        Optional<Average> average,
        Optional<Former> former,
        OptionalInt championVersion,
        int championRevision,
        List<ModelScore> scores,
        Resampling resampling,
        Optional<ParityScore> parity,
        List<CurvePoint> curve,
        Optional<Predicted> predicted,
        List<SliceScore> slices,
        List<FeatureShare> importance,
        List<GateResult> gates,
        boolean accepted) {
    public static final String CANDIDATE = "candidate";
    public static final String CHAMPION = "champion";
    public static final String LINEAR = "linear";
    public static final String PREVIOUS_LABEL = "previousLabel";

    public Evaluation {
        classes = List.copyOf(classes);
        candidates = List.copyOf(candidates);
        scores = List.copyOf(scores);
        curve = List.copyOf(curve);
        slices = List.copyOf(slices);
        importance = List.copyOf(importance);
        gates = List.copyOf(gates);
    }

    /** The former champion that was judged in the candidate's place. */
    public OptionalInt recalled() {
        return former.map(Former::recalled).orElse(OptionalInt.empty());
    }

    public Optional<ModelScore> score(String model) {
        return scores.stream().filter(score -> score.model().equals(model)).findFirst();
    }

    /**
     * Rows per part, and where validation and test begin.
     *
     * @param gap rows left out between the parts: their labels came too late to be known there
     */
    public record Rows(
            int train,
            int validation,
            int test,
            int gap,
            Instant validationFrom,
            Instant testFrom) {}

    /**
     * One candidate on the validation split.
     *
     * @param parameters by the spec's names
     * @param lookback empty in what older factories wrote
     * @param validationLoss log loss or RMSE after calibration; empty where it failed
     * @param rounds trees per class, or iterations
     * @param failure why it failed
     */
    public record CandidateScore(
            int index,
            TrainerName trainer,
            Map<String, Double> parameters,
            Optional<Lookback> lookback,
            OptionalDouble validationLoss,
            int rounds,
            Optional<String> failure) {}

    /**
     * Several candidates' mean in one file.
     *
     * @param candidates their indexes, the best first
     * @param validationLoss log loss or RMSE after calibration
     */
    public record Average(List<Integer> candidates, double validationLoss) {
        public Average {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * How former champions would do now: concepts come back.
     *
     * @param recalled the one that is judged instead of the best candidate, since its loss on the
     *     validation split is less
     */
    public record Former(List<FormerScore> scores, OptionalInt recalled) {
        public Former {
            scores = List.copyOf(scores);
        }
    }

    /**
     * One of them on the validation split.
     *
     * @param validationLoss log loss or RMSE; empty where it can't be told
     * @param obstacle why it can't
     */
    public record FormerScore(
            int version, OptionalDouble validationLoss, Optional<String> obstacle) {}

    /**
     * A model's metrics on the test split, by the spec's metric names. A metric that is undefined
     * there is absent.
     */
    public record ModelScore(String model, Map<String, Interval> metrics) {}

    /**
     * A block bootstrap.
     *
     * @param moments that the test rows lie at, or the rows themselves where there are too few
     * @param blockMoments moments per block
     */
    public record Resampling(int resamples, int moments, int blockMoments) {}

    /**
     * Largest difference between what the trainer and what the ONNX file predict.
     *
     * @param difference absolute for probabilities; for regression in standard deviations of the
     *     predictions
     */
    public record ParityScore(double difference, double allowed, int rows) {}

    /** One bin of the reliability curve. */
    public record CurvePoint(double predicted, double observed, long rows) {}

    /**
     * A metric on the rows with one value of a feature.
     *
     * @param value "" for missing, {@code …} for rare values together
     */
    public record SliceScore(
            String feature,
            String value,
            long rows,
            String metric,
            OptionalDouble candidate,
            OptionalDouble champion) {}

    public record FeatureShare(String feature, double share) {}

    /**
     * One gate's decision.
     *
     * @param gate in the spec's words
     * @param found what was measured
     */
    public record GateResult(String gate, boolean passed, String found) {}
}
