package dev.perennial.core.monitor;

import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.PairShift;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.evaluation.Evaluation.ModelScore;
import dev.perennial.core.evaluation.Predicted;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What live traffic is compared with: the champion as it was trained and tested.
 *
 * @param since when it became champion
 * @param designEffects by column, those of {@link LiveColumns} for predictions and labels: how much
 *     more live windows vary than as many independent rows would
 * @param pairs how the most important numbers went together in training
 * @param pairEffects how much more that varies live than of independent rows, ascending by rows
 * @param importance by feature, its share of the model's gain
 * @param testError mean error on the test split
 * @param expectedError on the test split by the model itself; empty for a regression that doesn't
 *     know it, and where a version was tested by a factory that didn't keep it
 * @param testRows that it was measured on
 * @param errorVariance long-run variance of the error per row, its autocorrelation included; of a
 *     classification at least that of one error in all the rows, or no error would be none ever
 * @param rowsPerDay that it was trained on; live traffic is expected to be alike
 */
public record Reference(
        int version,
        Instant since,
        Map<String, DesignEffects> designEffects,
        PairProfile pairs,
        List<PairShift.Effects> pairEffects,
        Map<String, Double> importance,
        double testError,
        OptionalDouble expectedError,
        long testRows,
        double errorVariance,
        double rowsPerDay) {
    public Reference {
        designEffects = Map.copyOf(designEffects);
        importance = Map.copyOf(importance);
        pairEffects = List.copyOf(pairEffects);
    }

    /** Of a classification: by how much errors vary more than independent ones, at least 1. */
    double lasting() {
        double independent = testError * (1 - testError);
        return independent > 0 ? Math.max(1, errorVariance / independent) : 1;
    }

    /**
     * Of a regression: variance of one row's absolute error where it is so much in the mean; errors
     * spread in proportion to that.
     */
    double varianceAt(double meanError) {
        double larger = testError > 0 ? meanError / testError : 1;
        return errorVariance * larger * larger;
    }

    /** Half the width of a 95 % interval, in standard errors. */
    private static final double NORMAL_95 = 1.959964;

    /**
     * Of the champion.
     *
     * @param present the spec as it is now, for the detection window
     * @param trained the spec that the version was trained by
     * @param profile of the training rows
     * @param evaluation its newest test
     * @param predicted by the file that serves, on that test's rows; empty where it isn't known
     * @param rows that it was trained on, in order of time
     */
    public static Reference of(
            PipelineSpec present,
            PipelineSpec trained,
            Alias alias,
            TableProfile profile,
            Evaluation evaluation,
            Optional<Predicted> predicted,
            Table rows) {
        boolean regression = trained.task() == Task.REGRESSION;
        String metric = regression ? Metric.MAE.key() : Metric.ACCURACY.key();
        Interval score =
                evaluation
                        .score(Evaluation.CANDIDATE)
                        .map(ModelScore::metrics)
                        .map(metrics -> metrics.get(metric))
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "version %d was tested without %s"
                                                .formatted(alias.version(), metric)));
        long testRows = evaluation.rows().test();
        double error = regression ? score.estimate() : 1 - score.estimate();
        double standardError = (score.high() - score.low()) / 2 / NORMAL_95;
        double perDay = EventTime.perDay(rows.time(trained.time()).micros());
        int windowRows = present.drift().windowRows(perDay);
        Map<String, DesignEffects> effects = new HashMap<>();
        for (FeatureSpec feature : trained.features()) {
            Column column = rows.column(feature.name());
            profile.column(feature.name())
                    .ifPresent(each ->
                            effects.put(
                                    feature.name(), DesignEffects.of(column, each, windowRows)));
        }
        Column label = LabelledRows.of(trained, rows).column(trained.label().column());
        effects.put(
                LiveColumns.LABEL, DesignEffects.of(label, ColumnProfile.of(label), windowRows));
        predicted.ifPresent(each -> effects.putAll(each.effects()));
        Map<String, Double> importance = new HashMap<>();
        evaluation.importance().forEach(each -> importance.put(each.feature(), each.share()));
        RankScores scores = scores(trained, profile, evaluation);
        return new Reference(
                alias.version(),
                alias.changedAt(),
                effects,
                PairProfile.of(scores, rows),
                PairShift.effects(scores, rows, windowRows),
                importance,
                error,
                predicted.map(Predicted::expectedError).orElse(OptionalDouble.empty()),
                testRows,
                Math.max(testRows * standardError * standardError, regression ? 0 : 1.0 / testRows),
                perDay);
    }

    /**
     * Scores by which a version's live rows are paired: those of its most important numbers.
     *
     * @param profile of its training rows
     */
    public static RankScores scores(
            PipelineSpec trained, TableProfile profile, Evaluation evaluation) {
        // Personal columns aren't captured.
        List<String> captured =
                trained.features().stream()
                        .filter(feature -> !feature.personal())
                        .map(FeatureSpec::name)
                        .toList();
        Stream<String> important =
                evaluation.importance().stream()
                        .map(FeatureShare::feature)
                        .filter(captured::contains);
        return RankScores.of(
                profile, Stream.concat(important, captured.stream()).distinct().toList());
    }
}
