package dev.perennial.core.monitor;

import java.time.LocalDate;

/**
 * What a version's probabilities expected of its answers of one day, and of those of them whose
 * label has come.
 *
 * @param all every answer
 * @param labelled those whose label has come
 * @param wrong of these, how many turned out to be wrong
 */
public record Foreseen(LocalDate day, int version, Sum all, Sum labelled, double wrong) {
    /** Which answers. */
    record Of(LocalDate day, int version) {}

    /**
     * Of so many answers.
     *
     * @param errors expected number of wrong ones
     * @param variance of that number, if answers are wrong independently
     */
    public record Sum(long answers, double errors, double variance) {
        static final Sum NONE = new Sum(0, 0, 0);

        Sum and(double expectedError) {
            return new Sum(
                    answers + 1,
                    errors + expectedError,
                    variance + expectedError * (1 - expectedError));
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

    Foreseen answered(double expectedError) {
        return new Foreseen(day, version, all.and(expectedError), labelled, wrong);
    }

    Foreseen labelled(Outcome outcome) {
        return new Foreseen(
                day, version, all, labelled.and(outcome.expected()), wrong + outcome.error());
    }
}
