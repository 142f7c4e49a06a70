package dev.perennial.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.evaluation.Confidence;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Against NannyML's own on its car loans, see nannyml_fixtures.py. */
class ErrorEstimateTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final JsonNode LOANS = Fixtures.read("monitor/estimates.json");

    /** Of the reference, as if it were a test split of independent rows. */
    private static Reference reference(OptionalDouble expected) {
        double error = LOANS.get("referenceError").doubleValue();
        return References.of(
                error, error * (1 - error), LOANS.get("referenceRows").longValue(), expected);
    }

    private static Foreseen foreseen(JsonNode chunk, double excess, boolean labelled) {
        Foreseen foreseen = Foreseen.none(new Foreseen.Of(DAY, 1));
        for (int i = 0; i < chunk.get("rows").size(); i++) {
            double p = chunk.get("probability").get(i).doubleValue();
            double error = Confidence.expectedError(new double[] {1 - p, p});
            long rows = chunk.get("rows").get(i).longValue();
            long wrong = chunk.get("wrong").get(i).longValue();
            for (long row = 0; row < rows; row++) {
                foreseen = foreseen.answered(error);
                if (labelled) {
                    double was = row < wrong + excess * rows ? 1 : 0;
                    foreseen =
                            foreseen.labelled(
                                    new Outcome(
                                            "id",
                                            0,
                                            0,
                                            1,
                                            Role.CHAMPION,
                                            was,
                                            0,
                                            error,
                                            was,
                                            new int[0],
                                            new Label("id", "", 0, 0, "", 0)));
                }
            }
        }
        return foreseen;
    }

    private static double wrong(JsonNode chunk) {
        double wrong = 0;
        double rows = 0;
        for (int i = 0; i < chunk.get("rows").size(); i++) {
            wrong += chunk.get("wrong").get(i).doubleValue();
            rows += chunk.get("rows").get(i).doubleValue();
        }
        return wrong / rows;
    }

    @Test
    void estimatedError_isNannyMLs_andCoversWhatCameTrue() {
        int covered = 0;
        for (JsonNode chunk : LOANS.get("chunks")) {
            ErrorEstimate found = estimate(foreseen(chunk, 0, false));

            assertEquals(1 - chunk.get("accuracy").doubleValue(), found.error(), 1e-9);
            // NannyML's sampling error is that of a chunk of the reference, before any drift.
            assertEquals(
                    chunk.get("samplingError").doubleValue(),
                    (found.high() - found.low()) / 2 / 1.96,
                    1e-3);
            covered += found.low() <= wrong(chunk) && wrong(chunk) <= found.high() ? 1 : 0;
            assertEquals(List.of(), found.doubts());
        }
        assertTrue(covered >= 9, covered + " of 10 chunks");
    }

    @Test
    void labelsThatContradict_areADoubt_andThoseThatAgreeAreNone() {
        JsonNode chunk = LOANS.get("chunks").get(0);

        assertEquals(List.of(), estimate(foreseen(chunk, 0, true)).doubts());
        List<String> doubts = estimate(foreseen(chunk, 0.03, true)).doubts();

        assertEquals(1, doubts.size());
        assertTrue(
                doubts.getFirst().contains("what the features mean has changed"), doubts::toString);
    }

    @Test
    void aFewLabels_doubtNothing() {
        Foreseen few = Foreseen.none(new Foreseen.Of(DAY, 1)).answered(0.01);
        few =
                few.labelled(
                        new Outcome(
                                "id",
                                0,
                                0,
                                1,
                                Role.CHAMPION,
                                1,
                                0,
                                0.01,
                                1,
                                new int[0],
                                new Label("id", "", 0, 0, "", 0)));

        assertEquals(List.of(), estimate(few).doubts());
    }

    /** Labels of days before the window can contradict, and the estimate is of the window alone. */
    @Test
    void labelsThatComeAfterTheWindow_stillContradict() {
        double expected = LOANS.get("referenceExpected").doubleValue();
        Foreseen before = foreseen(LOANS.get("chunks").get(0), 0.03, true);
        Foreseen now = Foreseen.none(new Foreseen.Of(DAY.plusDays(20), 1)).answered(0.2);

        ErrorEstimate found =
                ErrorEstimate.of(
                                List.of(before, now),
                                DAY.plusDays(14),
                                reference(OptionalDouble.of(expected)),
                                Task.BINARY)
                        .orElseThrow();

        assertEquals(1, found.answers());
        assertEquals(0.2, found.error(), 1e-12);
        assertEquals(1, found.doubts().size());
    }

    @Test
    void probabilitiesThatWereWrongOnTheTestSplit_areADoubt() {
        Reference overconfident = reference(OptionalDouble.of(0.01));

        List<String> doubts =
                ErrorEstimate.of(
                                List.of(foreseen(LOANS.get("chunks").get(0), 0, false)),
                                DAY,
                                overconfident,
                                Task.BINARY)
                        .orElseThrow()
                        .doubts();

        assertEquals(1, doubts.size());
        assertTrue(doubts.getFirst().contains("not calibrated"), doubts::toString);
    }

    @Test
    void probabilitiesOfExactly0And1_expectNoError() {
        Foreseen sure =
                Foreseen.none(new Foreseen.Of(DAY, 1))
                        .answered(Confidence.expectedError(new double[] {0, 1}))
                        .answered(Confidence.expectedError(new double[] {1, 0}));

        ErrorEstimate found = estimate(sure);

        assertEquals(0, found.error());
        assertEquals(0, found.low());
        assertFalse(Double.isNaN(found.high()));
    }

    private static Reference prices(JsonNode fixture, double expected) {
        return References.of(
                fixture.get("referenceError").doubleValue(),
                fixture.get("referenceVariance").doubleValue(),
                1_000_000,
                OptionalDouble.of(expected));
    }

    /**
     * NannyML takes the sampling error of before the change; errors that are smaller spread less.
     */
    @Test
    void ofNumbers_theIntervalIsNannyMLsInProportionToTheError_andCoversWhatCameTrue() {
        JsonNode fixture = Fixtures.read("monitor/direct_losses.json");
        JsonNode later = fixture.get("analysis");
        double reference = fixture.get("referenceError").doubleValue();
        int rows = fixture.get("chunkRows").intValue();
        int covered = 0;
        for (int chunk = 0; chunk < fixture.get("estimates").size(); chunk++) {
            double estimate = fixture.get("estimates").get(chunk).doubleValue();
            Foreseen foreseen = Foreseen.none(new Foreseen.Of(DAY, 1));
            double realised = 0;
            for (int row = 0; row < rows; row++) {
                foreseen = foreseen.answeredNumber(estimate);
                int at = chunk * rows + row;
                realised +=
                        Math.abs(
                                        later.get("y_true").get(at).doubleValue()
                                                - later.get("y_pred").get(at).doubleValue())
                                / rows;
            }

            ErrorEstimate found =
                    ErrorEstimate.of(
                                    List.of(foreseen),
                                    DAY,
                                    prices(fixture, reference),
                                    Task.REGRESSION)
                            .orElseThrow();

            assertEquals(estimate, found.error(), 1e-9);
            assertEquals(
                    fixture.get("samplingErrors").get(chunk).doubleValue() * estimate / reference,
                    (found.high() - found.low()) / 2 / 1.96,
                    1);
            covered += found.low() <= realised && realised <= found.high() ? 1 : 0;
            assertEquals(List.of(), found.doubts());
        }
        assertTrue(covered >= 9, covered + " of 10 chunks");
    }

    @Test
    void numbersThatAreFurtherOffThanExpected_areADoubt() {
        JsonNode fixture = Fixtures.read("monitor/direct_losses.json");
        double reference = fixture.get("referenceError").doubleValue();
        Foreseen foreseen = Foreseen.none(new Foreseen.Of(DAY, 1));
        for (int row = 0; row < 400; row++) {
            foreseen =
                    foreseen.answeredNumber(reference)
                            .labelled(
                                    new Outcome(
                                            "id",
                                            0,
                                            0,
                                            1,
                                            Role.CHAMPION,
                                            1.2 * reference,
                                            Double.NaN,
                                            reference,
                                            0,
                                            new int[0],
                                            new Label("id", "", 0, 0, "", 0)));
        }

        List<String> doubts =
                ErrorEstimate.of(
                                List.of(foreseen),
                                DAY,
                                prices(fixture, 0.9 * reference),
                                Task.REGRESSION)
                        .orElseThrow()
                        .doubts();

        assertEquals(
                List.of(
                        "on the test split answers were off by 845.1 in the mean where 760.6 was expected",
                        "400 answers whose label has come were off by 1014 in the mean where 845.1 was expected: what the features mean has changed"),
                doubts);
    }

    @Test
    void withoutAnswers_thereIsNoEstimate() {
        assertEquals(
                Optional.empty(),
                ErrorEstimate.of(List.of(), DAY, reference(OptionalDouble.empty()), Task.BINARY));
    }

    private static ErrorEstimate estimate(Foreseen foreseen) {
        double expected = LOANS.get("referenceExpected").doubleValue();
        return ErrorEstimate.of(
                        List.of(foreseen), DAY, reference(OptionalDouble.of(expected)), Task.BINARY)
                .orElseThrow();
    }
}
