package dev.perennial.core.evaluation;

import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.metric.Improvement;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.spec.GateSpec;
import dev.perennial.core.spec.GateSpec.Absolute;
import dev.perennial.core.spec.GateSpec.Incomparable;
import dev.perennial.core.spec.GateSpec.Slice;
import dev.perennial.core.spec.GateSpec.Versus;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Decides by the spec's gates whether a candidate may be registered. What can't be measured doesn't
 * pass.
 */
public final class Gates {
    private static final String UNDEFINED = "undefined on the test rows";

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
            return new GateResult(words.toString(), false, UNDEFINED);
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
            return incomparable(words, other, gate.incomparable());
        }
        return comparison
                .improvement(metric, other.predictions().get())
                .map(found -> {
                    double least = found.atLeast(gate.confidence());
                    return new GateResult(
                            words,
                            least > gate.margin(),
                            "better by %s, at least %s"
                                    .formatted(number(found.estimate()), number(least)));
                })
                .orElseGet(() -> new GateResult(words, false, UNDEFINED));
    }

    private static GateResult incomparable(
            String words, Opponent opponent, Incomparable incomparable) {
        String found = "can't be compared: " + opponent.obstacle();
        return switch (incomparable) {
            case PASS -> new GateResult(words, true, found + "; the gate lets such a one pass");
            case REJECT ->
                    new GateResult(
                            words,
                            false,
                            found + "; with `incomparable: pass` at this gate the others decide");
        };
    }

    /**
     * Many slices are measured and the worst of them is looked at, so each bound's confidence makes
     * up for their number (Bonferroni): all of them hold together with the gate's.
     */
    private static GateResult slice(Slice gate, Metric metric, Comparison comparison) {
        String words =
                "%s on no %s more than %s worse than the champion's, with %s %% confidence"
                        .formatted(
                                gate.metric(),
                                gate.feature(),
                                number(gate.maxDrop()),
                                number(100 * gate.confidence()));
        if (comparison.champion().isEmpty()) {
            return new GateResult(words, true, "there is no champion yet");
        }
        Opponent champion = comparison.champion().get();
        if (champion.predictions().isEmpty()) {
            return incomparable(words, champion, gate.incomparable());
        }
        Map<String, Improvement> slices =
                comparison.improvements(gate.feature(), metric, champion.predictions().get());
        if (slices.isEmpty()) {
            return new GateResult(words, false, "undefined on every slice");
        }
        double confidence = 1 - (1 - gate.confidence()) / slices.size();
        Map.Entry<String, Improvement> worst =
                Collections.min(
                        slices.entrySet(),
                        Comparator.comparingDouble(slice -> slice.getValue().atMost(confidence)));
        double drop = -worst.getValue().estimate();
        double least = -worst.getValue().atMost(confidence);
        String found =
                drop <= 0
                        ? "nowhere worse"
                        : "%s worse on '%s', %s"
                                .formatted(
                                        number(drop),
                                        worst.getKey(),
                                        least > 0
                                                ? "at least " + number(least)
                                                : "which may be chance");
        return new GateResult(words, least <= gate.maxDrop(), found);
    }

    private static String number(double value) {
        double shown = Math.abs(value) < 5e-5 ? 0 : value;
        String text = String.format(Locale.ROOT, "%.4f", shown);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
