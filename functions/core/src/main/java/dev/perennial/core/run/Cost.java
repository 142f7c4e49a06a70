package dev.perennial.core.run;

import java.time.LocalDate;
import java.util.List;

/**
 * What a run costs by list prices, free tier not counted. Calls that failed aren't in it: they
 * don't say what they used; nor are its three or four events, at a dollar per million.
 *
 * @param lambdaUsd compute and requests
 * @param stepFunctionsUsd state transitions
 * @param pricesOf the day the prices were read
 */
public record Cost(double totalUsd, double lambdaUsd, double stepFunctionsUsd, LocalDate pricesOf) {
    /** The one table of list prices: USD, region us-east-1, x86_64, first tier. */
    private static final LocalDate PRICES_OF = LocalDate.of(2025, 11, 1);

    private static final double LAMBDA_GIGABYTE_SECOND = 0.0000166667;
    private static final double LAMBDA_REQUEST = 0.20 / 1_000_000;
    private static final double STATE_TRANSITION = 0.025 / 1_000;

    /**
     * Adds up.
     *
     * @param stateTransitions states entered, retries included
     */
    public static Cost of(List<Usage> usage, int stateTransitions) {
        double lambda =
                usage.stream().mapToDouble(Usage::gigabyteSeconds).sum() * LAMBDA_GIGABYTE_SECOND
                        + usage.size() * LAMBDA_REQUEST;
        double stepFunctions = stateTransitions * STATE_TRANSITION;
        return new Cost(lambda + stepFunctions, lambda, stepFunctions, PRICES_OF);
    }
}
