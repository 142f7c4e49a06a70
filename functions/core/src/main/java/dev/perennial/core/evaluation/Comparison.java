package dev.perennial.core.evaluation;

import dev.perennial.core.evaluation.Evaluation.CurvePoint;
import dev.perennial.core.evaluation.Evaluation.ModelScore;
import dev.perennial.core.evaluation.Evaluation.Resampling;
import dev.perennial.core.evaluation.Evaluation.SliceScore;
import dev.perennial.core.metric.Blocks;
import dev.perennial.core.metric.Bootstrap;
import dev.perennial.core.metric.Improvement;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.ReliabilityCurve;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.GateSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A candidate beside everything it has to beat, on the same test rows. */
public final class Comparison {
    private static final int RESAMPLES = 1_000;

    /**
     * Enough for a standard error (Efron and Tibshirani 1993, ch. 6), where there are so many rows
     * that more would take minutes.
     */
    private static final int FEW_RESAMPLES = 200;

    /** Rows times classes. */
    private static final long LARGE = 2_000_000;

    private static final double CONFIDENCE = 0.95;
    private static final int CURVE_BINS = 10;

    /**
     * A slice with fewer rows says more of chance than of the model; such slices are measured
     * together.
     */
    static final int LEAST_SLICE_ROWS = 30;

    private static final int MOST_SLICES = 40;
    private static final String RARE = "…";

    private final PipelineSpec spec;
    private final Table test;
    private final Predictions candidate;
    private final Optional<Opponent> champion;
    private final Optional<Predictions> linear;
    private final Predictions previousLabel;
    private final Blocks blocks;
    private final int resamples;
    private final Bootstrap bootstrap;

    /** A model to beat, or why it can't be compared with. */
    public record Opponent(Optional<Predictions> predictions, String obstacle) {
        public static Opponent of(Predictions predictions) {
            return new Opponent(Optional.of(predictions), "");
        }

        public static Opponent incomparable(String obstacle) {
            return new Opponent(Optional.empty(), obstacle);
        }
    }

    /**
     * Takes everybody's predictions for the same rows.
     *
     * @param test the rows, for slices
     * @param champion empty: there is none yet
     * @param linear empty: its training failed
     */
    public Comparison(
            PipelineSpec spec,
            Table test,
            Predictions candidate,
            Optional<Opponent> champion,
            Optional<Predictions> linear,
            Predictions previousLabel) {
        this.spec = spec;
        this.test = test;
        this.candidate = candidate;
        this.champion = champion;
        this.linear = linear;
        this.previousLabel = previousLabel;
        this.blocks =
                Blocks.of(
                        test.time(spec.time()).micros(), candidate.losses(), spec.label().delay());
        int classes = candidate instanceof ClassPredictions found ? found.classes().size() : 1;
        this.resamples = (long) test.rows() * classes > LARGE ? FEW_RESAMPLES : RESAMPLES;
        this.bootstrap = Bootstrap.of(blocks, resamples, spec.train().seed());
    }

    /** How the intervals were made. */
    public Resampling resampling() {
        return new Resampling(resamples, blocks.moments(), blocks.length());
    }

    Predictions candidate() {
        return candidate;
    }

    Optional<Opponent> champion() {
        return champion;
    }

    Optional<Predictions> linear() {
        return linear;
    }

    Predictions previousLabel() {
        return previousLabel;
    }

    Optional<Improvement> improvement(Metric metric, Predictions other) {
        return bootstrap.improvement(
                metric, candidate, other, IntStream.range(0, test.rows()).toArray());
    }

    /** By slice, how much better the candidate is there; slices that can't tell are absent. */
    Map<String, Improvement> improvements(String feature, Metric metric, Predictions other) {
        Map<String, Improvement> improvements = new TreeMap<>();
        rowsOfSlices(feature)
                .forEach((value, rows) ->
                        bootstrap
                                .improvement(
                                        metric, candidate.select(rows), other.select(rows), rows)
                                .ifPresent(found -> improvements.put(value, found)));
        return improvements;
    }

    /** All metrics of the task for everybody; the candidate first. */
    public List<ModelScore> scores() {
        List<ModelScore> scores = new ArrayList<>();
        scores.add(score(Evaluation.CANDIDATE, candidate));
        champion.flatMap(Opponent::predictions)
                .ifPresent(each -> scores.add(score(Evaluation.CHAMPION, each)));
        linear.ifPresent(each -> scores.add(score(Evaluation.LINEAR, each)));
        scores.add(score(Evaluation.PREVIOUS_LABEL, previousLabel));
        return List.copyOf(scores);
    }

    private ModelScore score(String model, Predictions predictions) {
        Map<String, Interval> metrics = new TreeMap<>();
        for (Metric metric : Metric.of(spec.task())) {
            bootstrap
                    .interval(metric, predictions, CONFIDENCE)
                    .ifPresent(found -> metrics.put(metric.key(), found));
        }
        return new ModelScore(model, metrics);
    }

    /** The candidate's calibration; empty for regression. */
    public List<CurvePoint> curve() {
        return candidate instanceof ClassPredictions classes
                ? ReliabilityCurve.of(classes, CURVE_BINS).stream()
                        .map(bin -> new CurvePoint(bin.predicted(), bin.observed(), bin.rows()))
                        .toList()
                : List.of();
    }

    /** Every category feature with few values, and every one that a gate names. */
    public List<SliceScore> slices() {
        Metric standard = spec.task() == Task.REGRESSION ? Metric.MAE : Metric.ACCURACY;
        Stream<SliceScore> gated =
                spec.gates().stream()
                        .filter(GateSpec.Slice.class::isInstance)
                        .map(GateSpec.Slice.class::cast)
                        .flatMap(gate ->
                                slices(gate.feature(), Metric.named(gate.metric()).orElse(standard))
                                        .stream());
        Stream<SliceScore> others =
                spec.features().stream()
                        .filter(feature ->
                                feature instanceof CategoryFeature && !feature.personal())
                        .map(FeatureSpec::name)
                        .filter(feature -> valuesOf(feature).size() <= MOST_SLICES)
                        .flatMap(feature -> slices(feature, standard).stream());
        return Stream.concat(gated, others).distinct().toList();
    }

    List<SliceScore> slices(String feature, Metric metric) {
        List<SliceScore> slices = new ArrayList<>();
        rowsOfSlices(feature)
                .forEach((value, rows) -> slices.add(slice(feature, value, rows, metric)));
        return slices;
    }

    /** The rows with each value, ascending; those of rare values together, last. */
    private Map<String, int[]> rowsOfSlices(String feature) {
        Map<String, int[]> slices = new LinkedHashMap<>();
        List<Integer> rare = new ArrayList<>();
        valuesOf(feature)
                .forEach((value, members) -> {
                    if (members.size() < LEAST_SLICE_ROWS) {
                        rare.addAll(members);
                    } else {
                        slices.put(value, indices(members));
                    }
                });
        if (!rare.isEmpty()) {
            slices.put(RARE, indices(rare));
        }
        return slices;
    }

    private static int[] indices(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private Map<String, List<Integer>> valuesOf(String feature) {
        CategoryColumn column = test.category(feature);
        Map<String, List<Integer>> rows = new TreeMap<>();
        for (int row = 0; row < column.rows(); row++) {
            rows.computeIfAbsent(column.text(row), _ -> new ArrayList<>()).add(row);
        }
        return rows;
    }

    private SliceScore slice(String feature, String value, int[] rows, Metric metric) {
        OptionalDouble other =
                champion.flatMap(Opponent::predictions)
                        .map(predictions -> metric.of(predictions.select(rows)))
                        .orElse(OptionalDouble.empty());
        return new SliceScore(
                feature,
                value,
                rows.length,
                metric.key(),
                metric.of(candidate.select(rows)),
                other);
    }
}
