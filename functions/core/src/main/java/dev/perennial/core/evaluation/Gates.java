package dev.perennial.core.evaluation;

import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.evaluation.Evaluation.SliceScore;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.spec.GateSpec;
import dev.perennial.core.spec.GateSpec.Absolute;
import dev.perennial.core.spec.GateSpec.Slice;
import dev.perennial.core.spec.GateSpec.Versus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Decides by the spec's gates whether a candidate may be registered. What can't be measured doesn't
 * pass.
 */
public final class Gates {
    private Gates() {}

    public static List<GateResult> decide(List<GateSpec> gates, Comparison comparison) {
        return gates.stream().map(gate -> decide(gate, comparison)).toList();
    }

    private static GateResult decide(GateSpec gate, Comparison comparison) {
        // The spec's reader knows the metrics of the task; a name that is none can't come this far.
        Metric metric = Metric.named(gate.metric()).orElseThrow();
        return switch (gate) {
            case Absolute absolute -> absolute(absolute, metric, comparison.candidate());
            case Versus versus -> versus(versus, metric, comparison);
            case Slice slice -> slice(slice, metric, comparison);
        };
    }

    private static GateResult absolute(Absolute gate, Metric metric, Predictions candidate) {
        StringBuilder words = new StringBuilder(gate.metric());
        gate.min().ifPresent(min -> words.append(" at least ").append(number(min)));
        gate.max().ifPresent(max -> words.append(" at most ").append(number(max)));
        OptionalDouble found = metric.of(candidate);
        if (found.isEmpty()) {
            return new GateResult(words.toString(), false, "undefined on the test rows");
        }
        double value = found.getAsDouble();
        boolean passed =
                value >= gate.min().orElse(Double.NEGATIVE_INFINITY)
                        && value <= gate.max().orElse(Double.POSITIVE_INFINITY);
        return new GateResult(words.toString(), passed, number(value));
    }

    private static GateResult versus(Versus gate, Metric metric, Comparison comparison) {
        String opponent =
                switch (gate.opponent()) {
                    case CHAMPION -> "the champion";
                    case LINEAR -> "the linear baseline";
                    case PREVIOUS_LABEL -> "the previous label";
                };
        String words =
                "%s better than %s's%s with %s %% confidence"
                        .formatted(
                                gate.metric(),
                                opponent,
                                gate.margin() == 0 ? "" : " by more than " + number(gate.margin()),
                                number(100 * gate.confidence()));
        if (gate.opponent() == GateSpec.Opponent.CHAMPION && comparison.champion().isEmpty()) {
            return new GateResult(words, true, "there is no champion yet");
        }
        Opponent other =
                switch (gate.opponent()) {
                    case CHAMPION -> comparison.champion().orElseThrow();
                    case LINEAR ->
                            comparison
                                    .linear()
                                    .map(Opponent::of)
                                    .orElse(Opponent.incomparable("its training failed"));
                    case PREVIOUS_LABEL -> Opponent.of(comparison.previousLabel());
                };
        if (other.predictions().isEmpty()) {
            return new GateResult(words, false, "can't be compared: " + other.obstacle());
        }
        Optional<Interval> improvement =
                comparison.improvement(metric, other.predictions().get(), gate.confidence());
        return improvement
                .map(found ->
                        new GateResult(
                                words,
                                found.low() > gate.margin(),
                                "better by %s, at least %s"
                                        .formatted(number(found.estimate()), number(found.low()))))
                .orElseGet(() -> new GateResult(words, false, "undefined on the test rows"));
    }

    private static GateResult slice(Slice gate, Metric metric, Comparison comparison) {
        String words =
                "%s on no %s more than %s worse than the champion's"
                        .formatted(gate.metric(), gate.feature(), number(gate.maxDrop()));
        if (comparison.champion().isEmpty()) {
            return new GateResult(words, true, "there is no champion yet");
        }
        Opponent champion = comparison.champion().get();
        if (champion.predictions().isEmpty()) {
            return new GateResult(words, false, "can't be compared: " + champion.obstacle());
        }
        double worst = Double.NEGATIVE_INFINITY;
        String where = "";
        for (SliceScore slice : comparison.slices(gate.feature(), metric)) {
            if (slice.candidate().isPresent() && slice.champion().isPresent()) {
                double difference =
                        slice.champion().getAsDouble() - slice.candidate().getAsDouble();
                double drop = metric.higherIsBetter() ? difference : -difference;
                if (drop > worst) {
                    worst = drop;
                    where = slice.value();
                }
            }
        }
        if (where.isEmpty() && worst == Double.NEGATIVE_INFINITY) {
            return new GateResult(words, false, "undefined on every slice");
        }
        String found =
                worst > 0 ? "%s worse on '%s'".formatted(number(worst), where) : "nowhere worse";
        return new GateResult(words, worst <= gate.maxDrop(), found);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
