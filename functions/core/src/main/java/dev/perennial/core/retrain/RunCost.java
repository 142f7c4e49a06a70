package dev.perennial.core.retrain;

import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.spec.RetrainSpec;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What errors and runs cost.
 *
 * @param errorUsd of one error; of a regression, of one unit of absolute error
 * @param peopleUsd what people do for a run
 * @param computeUsd of a run
 */
public record RunCost(double errorUsd, double peopleUsd, double computeUsd) {
    /** Taken, not measured: a probe reads what a run reads, and trains little. */
    private static final double PROBE_OF_RUN = 0.25;

    /** With the mean of what runs that came to a model cost so far, by list prices. */
    public static RunCost of(RetrainSpec.Costs costs, List<RunRecord> runs) {
        return new RunCost(
                costs.error(),
                costs.run(),
                runs.stream()
                        .filter(run -> run.version().isPresent())
                        .mapToDouble(RunRecord::costUsd)
                        .average()
                        .orElse(0));
    }

    public double runUsd() {
        return peopleUsd + computeUsd;
    }

    /**
     * With the traffic that errors are made in.
     *
     * @param answersPerDay empty: as many as rows came with labels
     */
    public Stakes stakes(OptionalDouble answersPerDay) {
        return new Stakes(errorUsd, runUsd(), PROBE_OF_RUN * computeUsd, answersPerDay);
    }
}
