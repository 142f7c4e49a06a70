package dev.perennial.core.spec;

import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.spec.RetrainSpec.Budget;
import dev.perennial.core.spec.RetrainSpec.Cause;
import dev.perennial.core.spec.RetrainSpec.Costs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the blocks of a spec that are about live traffic: drift, retrain, promotion. */
final class LiveSpecReader {
    private static final Duration SHORTEST_CHECK = Duration.ofMinutes(1);

    private static final Duration LONGEST_CHECK = Duration.ofDays(7);

    private static final Duration SHORTEST_PROBED = Duration.ofHours(1);

    private static final Duration LONGEST_PROBED = Duration.ofDays(30);

    private LiveSpecReader() {}

    static DriftSpec drift(YamlMap root) {
        DriftSpec standard = DriftSpec.STANDARD;
        Optional<YamlMap> map = root.map("drift");
        if (map.isEmpty()) {
            return standard;
        }
        try (YamlMap drift = map.get()) {
            YamlMap.Rate rate =
                    drift.rate("falseAlarms", "", 0.001, 1_000)
                            .orElse(new YamlMap.Rate(standard.falseAlarms(), standard.per()));
            Duration check = drift.optionalDuration("check").orElse(standard.check());
            if (check.compareTo(SHORTEST_CHECK) < 0) {
                drift.problem("check", check.toString(), "a minute or more");
            }
            if (check.compareTo(LONGEST_CHECK) > 0) {
                drift.problem("check", check.toString(), "P7D or less");
            }
            Duration window = drift.optionalDuration("window").orElse(standard.window());
            if (window.isZero() || window.toSeconds() % Duration.ofDays(1).toSeconds() != 0) {
                drift.problem("window", window.toString(), "whole days, at least one");
            }
            double rise = drift.number("smallestRise", 0.001, 10, standard.smallestRise());
            return new DriftSpec(rate.amount(), rate.per(), check, window, rise);
        }
    }

    static RetrainSpec retrain(YamlMap root) {
        RetrainSpec standard = RetrainSpec.STANDARD;
        Optional<YamlMap> map = root.map("retrain");
        if (map.isEmpty()) {
            return standard;
        }
        try (YamlMap retrain = map.get()) {
            List<Cause> on = retrain.choices("on", Cause.class);
            Duration cooldown = retrain.optionalDuration("cooldown").orElse(standard.cooldown());
            Optional<Duration> followUp = pastCooldown(retrain, "followUp", cooldown);
            return new RetrainSpec(
                    retrain.has("on") ? on : standard.on(),
                    cooldown,
                    (int) retrain.integer("maxPerDay", 0, 1_000, standard.maxPerDay()),
                    retrain.rate("budget", "USD", 0, 1e6)
                            .map(rate -> new Budget(rate.amount(), rate.per())),
                    costs(retrain),
                    followUp,
                    probes(retrain),
                    pastCooldown(retrain, "maxAge", cooldown));
        }
    }

    private static Optional<Duration> pastCooldown(YamlMap retrain, String key, Duration cooldown) {
        Optional<Duration> after = retrain.optionalDuration(key);
        after.filter(each -> each.compareTo(cooldown) < 0)
                .ifPresent(each ->
                        retrain.problem(key, each.toString(), "at least cooldown, " + cooldown));
        return after;
    }

    private static Optional<Duration> probes(YamlMap retrain) {
        Optional<Duration> probes = retrain.optionalDuration("probes");
        probes.filter(each ->
                        each.compareTo(SHORTEST_PROBED) < 0 || each.compareTo(LONGEST_PROBED) > 0)
                .ifPresent(each -> retrain.problem("probes", each.toString(), "PT1H to P30D"));
        if (probes.isPresent() && !retrain.has("costs")) {
            retrain.problem(
                    "probes",
                    probes.get().toString(),
                    "costs beside it: probes weigh runs by them");
        }
        return probes;
    }

    private static Optional<Costs> costs(YamlMap retrain) {
        Optional<YamlMap> map = retrain.map("costs");
        if (map.isEmpty()) {
            return Optional.empty();
        }
        try (YamlMap costs = map.get()) {
            if (!costs.has("error")) {
                costs.problem("error", "nothing", "what one wrong answer costs, in USD");
            }
            return Optional.of(
                    new Costs(costs.number("error", 1e-9, 1e9, 1), costs.number("run", 0, 1e9, 0)));
        }
    }

    /**
     * Reads the block.
     *
     * @param hasKey whether rows say whom they are of
     * @param labelDelay until a label is known
     */
    static PromotionSpec promotion(YamlMap root, boolean hasKey, Duration labelDelay) {
        PromotionSpec standard = PromotionSpec.STANDARD;
        Optional<YamlMap> map = root.map("promotion");
        if (map.isEmpty()) {
            return standard;
        }
        try (YamlMap promotion = map.get()) {
            Mode chosen = promotion.choice("mode", Mode.class, null);
            Mode mode = chosen == null ? Mode.GATES : chosen;
            if (mode == Mode.CANARY && !hasKey) {
                promotion.problem(
                        "mode",
                        "'canary'",
                        "a 'key' in the spec: without one, callers can't be told apart, and each of them should see one model");
            }
            Duration within = promotion.optionalDuration("within").orElse(standard.within());
            if (within.isZero() || within.compareTo(Duration.ofDays(90)) > 0) {
                promotion.problem("within", within.toString(), "longer than zero, at most P90D");
            }
            if (mode.predictsBeside() && within.compareTo(labelDelay) <= 0) {
                promotion.problem(
                        "within",
                        within.toString(),
                        "longer than label.delay, " + labelDelay + ": no label would come in time");
            }
            double share = promotion.number("share", 0.001, 0.5, mode == Mode.CANARY ? 0.1 : 0);
            if (promotion.has("share") && mode != Mode.CANARY) {
                promotion.problem(
                        "share", Double.toString(share), "no share unless mode is canary");
            }
            double confidence = promotion.number("confidence", 0.6, 0.9999, standard.confidence());
            if (promotion.has("confidence") && !mode.predictsBeside()) {
                promotion.problem(
                        "confidence",
                        Double.toString(confidence),
                        "no confidence unless mode is shadow or canary");
            }
            return new PromotionSpec(mode, within, share, confidence);
        }
    }
}
