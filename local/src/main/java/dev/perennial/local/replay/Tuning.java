package dev.perennial.local.replay;

import dev.perennial.core.metric.Interval;
import dev.perennial.core.spec.RetrainSpec.Costs;
import dev.perennial.local.replay.Replayed.Predicted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What each policy would have cost on a history, errors and runs, and which one to take.
 *
 * @param candidates the cheapest first
 * @param weeks that were replayed
 * @param doubt why the history can't tell; empty where it can
 */
public record Tuning(List<Candidate> candidates, double weeks, Optional<String> doubt) {
    private static final double CONFIDENCE = 0.95;

    /**
     * Schmeiser (1982) advises 10 to 30 batches; fewer than 8 weeks make no batches worth the name.
     */
    private static final int MOST_BATCHES = 20;

    private static final int LEAST_BATCHES = 8;
    private static final double WEEK = Duration.ofDays(7).toMillis();

    /**
     * One policy.
     *
     * @param meanError prequential: share of wrong answers, or mean absolute error
     * @param usdPerWeek errors and runs
     * @param dearer by how much per week than the cheapest; empty for the cheapest itself, and
     *     where the history is too short
     */
    public record Candidate(
            String policy,
            double meanError,
            int runs,
            double usdPerWeek,
            Optional<Interval> dearer) {}

    public Tuning {
        candidates = List.copyOf(candidates);
    }

    /**
     * Compares replays of the same rows.
     *
     * @param all at least one
     * @param costs of an error, and of a run beside its compute
     */
    public static Tuning of(List<Replayed> all, Instant from, Instant until, Costs costs) {
        double weeks = (until.toEpochMilli() - from.toEpochMilli()) / WEEK;
        int batches = (int) Math.min(MOST_BATCHES, Math.floor(weeks));
        List<Replayed> sorted =
                all.stream().sorted(Comparator.comparingDouble(each -> usd(each, costs))).toList();
        Replayed cheapest = sorted.getFirst();
        List<Candidate> candidates = new ArrayList<>();
        for (Replayed each : sorted) {
            candidates.add(
                    new Candidate(
                            each.policy(),
                            each.meanError(),
                            each.runs(),
                            usd(each, costs) / weeks,
                            each.policy().equals(cheapest.policy()) || batches < LEAST_BATCHES
                                    ? Optional.empty()
                                    : Optional.of(
                                            interval(
                                                    difference(
                                                            batches(
                                                                    each, from, until, costs,
                                                                    batches),
                                                            batches(
                                                                    cheapest, from, until, costs,
                                                                    batches)),
                                                    batches / weeks))));
        }
        return new Tuning(candidates, weeks, doubt(candidates, weeks, batches));
    }

    private static Optional<String> doubt(List<Candidate> candidates, double weeks, int batches) {
        if (batches < LEAST_BATCHES) {
            return Optional.of(
                    String.format(
                            Locale.ROOT,
                            "%.1f weeks are too short to tell: replay at least %d",
                            weeks,
                            LEAST_BATCHES));
        }
        List<String> alike =
                candidates.stream()
                        .filter(each -> each.dearer().filter(by -> by.low() <= 0).isPresent())
                        .map(Candidate::policy)
                        .toList();
        return alike.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "this history can't tell %s from %s"
                                .formatted(
                                        candidates.getFirst().policy(), String.join(", ", alike)));
    }

    private static double usd(Replayed replayed, Costs costs) {
        return costs.error() * replayed.predictions().stream().mapToDouble(Predicted::error).sum()
                + replayed.costUsd()
                + costs.run() * replayed.runs();
    }

    /** What each part of the time cost; parts of one length. */
    private static double[] batches(
            Replayed replayed, Instant from, Instant until, Costs costs, int batches) {
        double[] usd = new double[batches];
        for (Predicted each : replayed.predictions()) {
            usd[batch(each.time(), from, until, batches)] += costs.error() * each.error();
        }
        double run = replayed.runs() == 0 ? 0 : costs.run() + replayed.costUsd() / replayed.runs();
        replayed.events().stream()
                .filter(event -> event.what().equals(Replayed.RUN))
                .forEach(event -> usd[batch(event.time(), from, until, batches)] += run);
        return usd;
    }

    private static int batch(Instant time, Instant from, Instant until, int batches) {
        double share =
                (double) (time.toEpochMilli() - from.toEpochMilli())
                        / (until.toEpochMilli() - from.toEpochMilli());
        return (int) Math.clamp(share * batches, 0, batches - 1);
    }

    private static double[] difference(double[] a, double[] b) {
        double[] differences = new double[a.length];
        Arrays.setAll(differences, i -> a[i] - b[i]);
        return differences;
    }

    /** Student's of the mean of batches, which are long enough to be nearly independent. */
    private static Interval interval(double[] batches, double perWeek) {
        double mean = Arrays.stream(batches).average().orElseThrow();
        double variance =
                Arrays.stream(batches).map(each -> (each - mean) * (each - mean)).sum()
                        / (batches.length - 1);
        double half =
                TDistribution.of(batches.length - 1)
                                .inverseSurvivalProbability((1 - CONFIDENCE) / 2)
                        * Math.sqrt(variance / batches.length);
        return new Interval(
                mean * perWeek, (mean - half) * perWeek, (mean + half) * perWeek, CONFIDENCE);
    }
}
