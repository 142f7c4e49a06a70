package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports a table of {@code docs/drift.md}. */
class PairShiftTest {
    private static final int TRAINING = 6_000;
    private static final int DAY = 240;

    /** Columns that share one cause, which lasts, and follow the hour. */
    private static Table rows(
            RandomGenerator random, int rows, int columns, double lasting, boolean daily) {
        double[] cause = Draws.lasting(random, rows, lasting);
        List<Column> made = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            double[] own = Draws.lasting(random, rows, lasting);
            double[] values = new double[rows];
            for (int row = 0; row < rows; row++) {
                double hour = daily ? Math.sin(2 * Math.PI * row / DAY) : 0;
                values[row] = 0.6 * cause[row] + 0.8 * own[row] + hour;
            }
            made.add(new NumberColumn("x" + c, values));
        }
        return new Table(made);
    }

    private static List<String> names(int columns) {
        return IntStream.range(0, columns).mapToObj(c -> "x" + c).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0, false, 50",
        "12, 0, false, 50",
        "12, 0, false, 1000",
        "5, 0.9, false, 200",
        "5, 0.9, false, 1500",
        "5, 0, true, 60",
        "5, 0, true, 1000"
    })
    void noDrift_alarmsNoMoreOftenThanDeclared(
            int columns, double lasting, boolean daily, int window) {
        int draws = 200;
        double[] rates = {0.01, 0.001};
        int[] alarms = new int[rates.length];
        for (int seed = 0; seed < draws; seed++) {
            Table all = rows(Draws.seeded(seed), TRAINING + window, columns, lasting, daily);
            Table training = all.range(0, TRAINING);
            RankScores scores = RankScores.of(TableProfile.of(training), names(columns));
            PairProfile reference = PairProfile.of(scores, training);
            PairProfile live = PairProfile.of(scores, all.range(TRAINING, TRAINING + window));
            List<PairShift.Effects> effects = PairShift.effects(scores, training, window);
            for (int i = 0; i < rates.length; i++) {
                alarms[i] +=
                        PairShift.of(reference, live, effects, rates[i]).getFirst().ratio() >= 1
                                ? 1
                                : 0;
            }
        }
        Draws.report(
                "| %d columns%s%s | %,d | %.1f %% | %.1f %% |",
                columns,
                lasting > 0 ? ", lasting " + lasting : "",
                daily ? ", daily" : "",
                window,
                100.0 * alarms[0] / draws,
                100.0 * alarms[1] / draws);
        for (int i = 0; i < rates.length; i++) {
            assertTrue(alarms[i] <= Draws.most(draws, rates[i]), alarms[i] + " at " + rates[i]);
        }
    }

    @Test
    void correlationThatFlips_isFound_andNamed_thoughEachColumnStays() {
        Table training = rows(Draws.seeded(1), TRAINING, 3, 0, false);
        Table live = rows(Draws.seeded(2), 500, 3, 0, false);
        double[] flipped = Arrays.stream(live.number("x2").values()).map(x -> -x).toArray();
        Table other =
                new Table(
                        List.of(
                                live.number("x0"),
                                live.number("x1"),
                                new NumberColumn("x2", flipped)));
        RankScores scores = RankScores.of(TableProfile.of(training), names(3));

        List<PairShift> shifts =
                PairShift.of(
                        PairProfile.of(scores, training),
                        PairProfile.of(scores, other),
                        PairShift.effects(scores, training, 500),
                        1e-5);

        assertEquals(List.of("x2", "x2"), shifts.stream().limit(2).map(PairShift::b).toList());
        assertTrue(shifts.get(1).ratio() >= 1 && shifts.get(2).ratio() < 1, shifts::toString);
        assertEquals(0.36, shifts.getFirst().before(), 0.06);
        assertEquals(-0.36, shifts.getFirst().now(), 0.1);
    }

    @Test
    void correlation_isThatOfTheDecilesRanks() {
        double[] x = IntStream.range(0, 1_000).mapToDouble(i -> i).toArray();
        double[] y = IntStream.range(0, 1_000).mapToDouble(i -> i * i).toArray();
        double[] z = IntStream.range(0, 1_000).mapToDouble(i -> i < 500 ? i : 1_499 - i).toArray();
        Table rows =
                new Table(
                        List.of(
                                new NumberColumn("x", x),
                                new NumberColumn("y", y),
                                new NumberColumn("z", z)));
        RankScores scores = RankScores.of(TableProfile.of(rows), List.of("x", "y", "z"));

        PairProfile profile = PairProfile.of(scores, rows);

        assertEquals(1, profile.correlation(0, 1), 1e-12, "ranks know no curves");
        // Deciles 0 to 4 meet themselves, 5 to 9 meet 9 to 5: Σ (x − 4.5)(z − 4.5) = 62.5.
        assertEquals(62.5 / 82.5, profile.correlation(0, 2), 1e-12);
    }

    @Test
    void parts_mergeToTheWhole_andOthersAreRefused() {
        Table rows = rows(Draws.seeded(3), 900, 4, 0.5, false);
        RankScores scores = RankScores.of(TableProfile.of(rows), names(4));
        PairProfile whole = PairProfile.of(scores, rows);
        PairProfile merged =
                PairProfile.of(scores, rows.range(0, 400))
                        .merge(PairProfile.of(scores, rows.range(400, 900)));

        assertEquals(whole.correlation(1, 3), merged.correlation(1, 3), 1e-12);
        PairProfile read = Json.read("pairs", Json.write(merged), PairProfile.class);
        assertEquals(merged.correlation(0, 2), read.correlation(0, 2));
        RankScores fewer = RankScores.of(TableProfile.of(rows), names(2));
        assertThrows(
                IllegalArgumentException.class, () -> whole.merge(PairProfile.of(fewer, rows)));
    }

    @Test
    void constantAllMissingAndFewRows_areNoTrouble() {
        double[] gone = new double[100];
        Arrays.fill(gone, Double.NaN);
        Table rows =
                new Table(
                        List.of(
                                new NumberColumn("constant", new double[100]),
                                new NumberColumn("gone", gone),
                                new NumberColumn("x", Draws.normal(Draws.seeded(1), 100))));
        RankScores scores =
                RankScores.of(TableProfile.of(rows), List.of("constant", "gone", "x", "none"));
        PairProfile all = PairProfile.of(scores, rows);

        assertEquals(List.of("x"), all.columns());
        assertEquals(List.of(), PairShift.of(all, all, PairShift.effects(scores, rows, 5), 0.01));
        PairProfile two =
                PairProfile.of(
                        RankScores.of(
                                TableProfile.of(rows(Draws.seeded(1), 100, 2, 0, false)), names(2)),
                        rows(Draws.seeded(2), 1, 2, 0, false));
        assertEquals(0, two.correlation(0, 1), "one row");
    }

    /** Sums of equal scores leave variances of 1e-17 and less, of either sign. */
    @Test
    void columnsThatStandStillForAWhile_goTogetherWithNothing() {
        for (int seed = 0; seed < 50; seed++) {
            Table training = rows(Draws.seeded(seed), 2_000, 2, 0, false);
            RankScores scores = RankScores.of(TableProfile.of(training), names(2));
            double[] still = new double[50 + 17 * seed];
            Arrays.fill(still, training.number("x0").values()[seed]);
            Table live =
                    new Table(
                            List.of(new NumberColumn("x0", still), new NumberColumn("x1", still)));

            assertEquals(0, PairProfile.of(scores, live).correlation(0, 1));
        }
    }
}
