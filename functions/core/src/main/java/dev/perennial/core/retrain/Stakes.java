package dev.perennial.core.retrain;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What losses are weighed by.
 *
 * @param errorUsd what one error costs; of a regression, one unit of absolute error
 * @param runUsd what a run costs, with all that people do for it
 * @param probeUsd what a probe costs
 * @param answersPerDay that the champion gives; empty: as many as rows came with labels
 */
public record Stakes(
        double errorUsd, double runUsd, double probeUsd, OptionalDouble answersPerDay) {
    private static final Duration DAY = Duration.ofDays(1);

    /** What a period costs in which each answer loses 1. */
    double periodUsd(ProbeLog log) {
        double answers =
                answersPerDay.isPresent()
                        ? answersPerDay.getAsDouble() * log.length().toSeconds() / DAY.toSeconds()
                        : log.rowsPerPeriod();
        return errorUsd * Math.max(1, answers);
    }
}
