package dev.perennial.core.monitor;

import java.time.LocalDate;

/**
 * What a version itself expected of its answers of one day, and of those of them whose label has
 * come.
 *
 * @param all every answer
 * @param labelled those whose label has come
 * @param wrong of these, how many turned out to be wrong; of a regression the sum of their absolute
 *     errors
 */
public record Foreseen(LocalDate day, int version, Sum all, Sum labelled, double wrong) {
    /** Which answers. */
    record Of(LocalDate day, int version) {}

    /**
     * Of so many answers.
     *
     * @param errors expected number of wrong ones, or sum of absolute errors; 0 of a regression
     *     that doesn't know
     * @param variance of that number, if answers are wrong independently; of a regression, whose
     *     errors aren't shares, 0
     */
    public record Sum(long answers, double errors, double variance) {
        static final Sum NONE = new Sum(0, 0, 0);

        Sum and(double expectedError, double ofVariance) {
            return new Sum(answers + 1, errors + expectedError, variance + ofVariance);
        }

        Sum and(Sum other) {
            return new Sum(
                    answers + other.answers, errors + other.errors, variance + other.variance);
        }
    }

    static Foreseen none(Of of) {
        return new Foreseen(of.day(), of.version(), Sum.NONE, Sum.NONE, 0);
    }

    Of of() {
        return new Of(day, version);
    }

    /** Of a classification. */
    Foreseen answered(double expectedError) {
        return new Foreseen(
                day, version, all.and(expectedError, ofShare(expectedError)), labelled, wrong);
    }

    /** Of a regression. */
    Foreseen answeredNumber(double expectedError) {
        return new Foreseen(day, version, all.and(expectedError, 0), labelled, wrong);
    }

    Foreseen labelled(Outcome outcome) {
        double expected = outcome.expected();
        double variance = Double.isNaN(outcome.logLoss()) ? 0 : ofShare(expected);
        return new Foreseen(
                day, version, all, labelled.and(expected, variance), wrong + outcome.error());
    }

    private static double ofShare(double expectedError) {
        return expectedError * (1 - expectedError);
    }
}
