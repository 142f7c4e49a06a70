package dev.perennial.model;

import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.Range;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Draws what a run tries: first the standard for each look back, then at random (Bergstra and
 * Bengio 2012), the look backs in turn.
 */
public final class SearchSpace {
    private SearchSpace() {}

    /** The spec's candidates, and behind them the linear baseline. */
    public static List<Candidate> draw(TrainSpec spec) {
        SplittableRandom random = new SplittableRandom(spec.seed());
        List<Candidate> candidates = new ArrayList<>();
        for (int index = 0; index < spec.candidates(); index++) {
            Map<Hyperparameter, Double> parameters = new EnumMap<>(Hyperparameter.class);
            for (Hyperparameter each : Hyperparameter.of(spec.trainer())) {
                Range range = spec.search().getOrDefault(each, each.search());
                // Drawn even where it isn't used: another look back leaves the others as they were.
                double quantile = index == 0 ? 0 : random.nextDouble();
                parameters.put(
                        each,
                        index < spec.lookbacks().size()
                                ? standard(each, range)
                                : drawn(each, range, quantile));
            }
            candidates.add(
                    new Candidate(
                            index,
                            spec.trainer(),
                            spec.seed() + index,
                            parameters,
                            spec.lookbacks().get(index % spec.lookbacks().size())));
        }
        candidates.add(baseline(spec));
        return List.copyOf(candidates);
    }

    private static Candidate baseline(TrainSpec spec) {
        Map<Hyperparameter, Double> parameters = new EnumMap<>(Hyperparameter.class);
        Hyperparameter.of(TrainerName.LINEAR)
                .forEach(each -> parameters.put(each, each.standard()));
        return new Candidate(
                spec.candidates(), TrainerName.LINEAR, spec.seed(), parameters, Lookback.ALL);
    }

    private static double standard(Hyperparameter hyperparameter, Range range) {
        return Math.clamp(hyperparameter.standard(), range.low(), range.high());
    }

    /**
     * The value at a quantile of a range.
     *
     * @param quantile 0 to 1
     */
    private static double drawn(Hyperparameter hyperparameter, Range range, double quantile) {
        double low = range.low();
        double high = range.high();
        return switch (hyperparameter.scale()) {
            case LINEAR -> low + quantile * (high - low);
            case INTEGER -> Math.min(high, Math.floor(low + quantile * (high - low + 1)));
            case LOG -> low > 0 ? low * Math.pow(high / low, quantile) : quantile * high;
        };
    }
}
