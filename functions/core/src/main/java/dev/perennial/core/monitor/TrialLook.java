package dev.perennial.core.monitor;

import dev.perennial.core.metric.Interval;
import dev.perennial.core.promotion.Answer;
import java.util.Optional;

/**
 * What a look found of a challenger's trial.
 *
 * @param run that asks
 * @param rows that both versions predicted and whose label came
 * @param advantage by how much the challenger's mean loss is lower, with bounds that hold at all
 *     looks; empty while too little is known
 * @param decision empty while the trial goes on
 */
public record TrialLook(
        String run,
        int challenger,
        int champion,
        long rows,
        Optional<Interval> advantage,
        Optional<Answer> decision) {}
