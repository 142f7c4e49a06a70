package dev.perennial.monitor;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.core.metric.Task;
import dev.perennial.core.monitor.Counts;
import dev.perennial.core.monitor.LiveShift;
import dev.perennial.core.monitor.Look;
import dev.perennial.core.monitor.Quality;
import dev.perennial.core.spec.PipelineSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A look as CloudWatch metrics. */
final class LookMetrics {
    private LookMetrics() {}

    /**
     * What alarms look at. It is the greatest of a period that counts, so a look that is repeated
     * may say it twice.
     */
    static void publishAlarmed(EmbeddedMetrics metrics, String pipeline, Look look) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("ErrorDrift", look.errorDrift());
        values.put("FeatureDrift", look.shifts().featureDrift());
        look.state().watch().ifPresent(watch -> values.put("NewLabels", (double) watch.labelled()));
        metrics.put(look.state().at(), Map.of("pipeline", pipeline), values);
    }

    static void publish(EmbeddedMetrics metrics, String pipeline, PipelineSpec spec, Look look) {
        Instant at = look.state().at();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("Predictions", (double) look.served());
        values.put("Labels", (double) look.labelled());
        Counts counts = look.state().join().counts();
        values.put("OpenPredictions", (double) look.open());
        values.put("WaitingLabels", (double) look.state().join().waiting().size());
        values.put("RepeatedPredictions", (double) counts.repeated());
        values.put("UnlabelledPredictions", (double) counts.unlabelled());
        values.put("DuplicateLabels", (double) counts.duplicates());
        values.put("ConflictingLabels", (double) counts.conflicts());
        values.put("ForeignLabels", (double) counts.foreign());
        values.put("UnknownLabels", (double) counts.unknown());
        look.state().watch().ifPresent(_ -> watch(values, spec, look));
        values.put("FeaturesMoved", look.shifts().featuresMoved());
        values.put("PredictionDrift", look.shifts().predictionsMoved());
        look.shifts().label().ifPresent(each -> values.put("LabelDrift", each.ratio()));
        look.estimate().ifPresent(each -> values.put("EstimatedError", each.error()));
        metrics.put(at, Map.of("pipeline", pipeline), values);
        for (LiveShift each : look.shifts().features()) {
            metrics.put(
                    at,
                    Map.of("pipeline", pipeline, "feature", each.column()),
                    Map.of(
                            "PSI", each.stability().value(),
                            "PSIThreshold", each.stability().threshold()));
        }
    }

    private static void watch(Map<String, Double> values, PipelineSpec spec, Look look) {
        List<Quality> live = look.live();
        long labelled = live.stream().mapToLong(Quality::labelled).sum();
        if (labelled > 0) {
            values.put("MeanError", live.stream().mapToDouble(Quality::errors).sum() / labelled);
            if (spec.task() != Task.REGRESSION) {
                values.put("LogLoss", live.stream().mapToDouble(Quality::logLoss).sum() / labelled);
            }
        }
    }
}
