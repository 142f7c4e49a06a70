package dev.perennial.core.monitor;

import dev.perennial.core.drift.DesignEffect;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.ModelScore;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What live traffic is compared with: the champion as it was trained and tested.
 *
 * @param since when it became champion
 * @param designEffects by feature: how much more a live window varies than as many independent rows
 *     would, see {@link dev.perennial.core.drift.DesignEffect}
 * @param testError mean error on the test split
 * @param testRows that it was measured on
 * @param errorVariance long-run variance of the error per row, its autocorrelation included
 * @param rowsPerDay that it was trained on; live traffic is expected to be alike
 */
public record Reference(
        int version,
        Instant since,
        Map<String, DesignEffect> designEffects,
        double testError,
        long testRows,
        double errorVariance,
        double rowsPerDay) {
    public Reference {
        designEffects = Map.copyOf(designEffects);
    }

    /** A test split's interval is narrower than this only by luck. */
    private static final double NORMAL_95 = 1.959964;

    /**
     * Of the champion.
     *
     * @param present the spec as it is now, for the detection window
     * @param trained the spec that the version was trained by
     * @param profile of the training rows
     * @param rows that it was trained on, in order of time
     */
    public static Reference of(
            PipelineSpec present,
            PipelineSpec trained,
            Alias alias,
            TableProfile profile,
            Evaluation evaluation,
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
        long[] micros = rows.time(trained.time()).micros();
        double days =
                micros.length < 2
                        ? 1
                        : Math.max(1, (micros[micros.length - 1] - micros[0]) / (86_400.0 * 1e6));
        double perDay = rows.rows() / days;
        int windowRows =
                (int) Math.clamp(perDay * present.drift().window().toDays(), 1, Integer.MAX_VALUE);
        Map<String, DesignEffect> effects = new HashMap<>();
        for (FeatureSpec feature : trained.features()) {
            Column column = rows.column(feature.name());
            profile.column(feature.name())
                    .ifPresent(each ->
                            effects.put(feature.name(), DesignEffect.of(column, each, windowRows)));
        }
        return new Reference(
                alias.version(),
                alias.changedAt(),
                effects,
                error,
                testRows,
                testRows * standardError * standardError,
                perDay);
    }
}
