import dev.perennial.core.drift.ColumnShift;
import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.PairShift;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Counts alarms on rows that don't drift, see benchmarks/drift_calibration. */
class Calibration {
    private static final int DAY = 1_440; // a row a minute
    private static final int REFERENCE = 28 * DAY;

    /** Of a whole window, as it is declared; each column and all pairs have an equal part. */
    private static final double FALSE_ALARMS = 0.05;

    /** Beyond so many alarms only once in a thousand times. */
    private static final double SURELY = 3.1;

    private enum Law {
        INDEPENDENT(0, 0, 0),
        CORRELATED(0.8, 0, 0),
        LASTING(0.8, 0.9, 0),
        DAILY(0.8, 0, 1);

        private final double common;
        private final double lasting;
        private final double daily;

        Law(double common, double lasting, double daily) {
            this.common = common;
            this.lasting = lasting;
            this.daily = daily;
        }

        Table rows(long seed, int columns, int rows) {
            double[] cause = series(new SplittableRandom(seed), rows);
            List<Column> made =
                    IntStream.range(0, columns)
                            .parallel()
                            .mapToObj(c -> column(c, series(new SplittableRandom(seed * 1_000 + c + 1), rows), cause))
                            .map(Column.class::cast)
                            .toList();
            return new Table(made);
        }

        private NumberColumn column(int c, double[] own, double[] cause) {
            double[] values = new double[own.length];
            for (int row = 0; row < values.length; row++) {
                double hour = daily * Math.sin(2 * Math.PI * (row + 97 * c) / DAY);
                double value = Math.sqrt(1 - common * common) * own[row] + common * cause[row] + hour;
                values[row] = c % 3 == 1 ? Math.exp(value) : c % 3 == 2 ? Math.floor(2 * value) : value;
            }
            return new NumberColumn("x" + c, values);
        }

        private double[] series(SplittableRandom random, int rows) {
            double[] values = new double[rows];
            double last = random.nextGaussian();
            for (int row = 0; row < rows; row++) {
                values[row] = last;
                last = lasting * last + Math.sqrt(1 - lasting * lasting) * random.nextGaussian();
            }
            return values;
        }
    }

    public static void main(String[] arguments) {
        int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        System.out.println("| rows | columns | window | alarms | at most |\n|---|---|---|---|---|");
        double most = seeds * FALSE_ALARMS + SURELY * Math.sqrt(seeds * FALSE_ALARMS * (1 - FALSE_ALARMS));
        boolean holds = true;
        for (int columns : new int[] {5, 20, 100}) {
            for (Law law : Law.values()) {
                int[] windows = {50, 500, 5_000, 50_000};
                int[] alarms = new int[windows.length];
                for (int seed = 0; seed < seeds; seed++) {
                    count(law.rows(seed, columns, REFERENCE + windows[windows.length - 1]), windows, alarms);
                }
                for (int i = 0; i < windows.length; i++) {
                    System.out.printf(
                            Locale.ROOT, "| %s | %d | %,d | %.1f %% | %.1f %% |%n", law.name().toLowerCase(Locale.ROOT), columns,
                            windows[i], 100.0 * alarms[i] / seeds, 100 * most / seeds);
                    holds &= alarms[i] <= most;
                }
            }
        }
        System.exit(holds ? 0 : 1);
    }

    private static void count(Table rows, int[] windows, int[] alarms) {
        Table reference = rows.range(0, REFERENCE);
        TableProfile before = TableProfile.of(reference);
        double rate = FALSE_ALARMS / (rows.columns().size() + 1);
        int longest = windows[windows.length - 1];
        boolean[][] alarmed =
                rows.columns().parallelStream()
                        .map(column -> {
                            ColumnProfile of = before.column(column.name()).orElseThrow();
                            DesignEffects effects = DesignEffects.of(reference.number(column.name()), of, longest);
                            boolean[] found = new boolean[windows.length];
                            for (int i = 0; i < windows.length; i++) {
                                Table live = new Table(List.of(column)).range(REFERENCE, REFERENCE + windows[i]);
                                ColumnProfile now = ColumnProfile.of(live.columns().getFirst());
                                found[i] = ColumnShift.of(of, now, effects, rate).orElseThrow().strongest().ratio() >= 1;
                            }
                            return found;
                        })
                        .toArray(boolean[][]::new);
        List<String> names = new ArrayList<>(rows.columns().stream().map(Column::name).toList());
        RankScores scores = RankScores.of(before, names);
        PairProfile pairs = PairProfile.of(scores, reference);
        List<PairShift.Effects> effects = PairShift.effects(scores, reference, longest);
        for (int i = 0; i < windows.length; i++) {
            PairProfile live = PairProfile.of(scores, rows.range(REFERENCE, REFERENCE + windows[i]));
            boolean any = PairShift.of(pairs, live, effects, rate).getFirst().ratio() >= 1;
            for (boolean[] column : alarmed) {
                any |= column[i];
            }
            alarms[i] += any ? 1 : 0;
        }
    }
}
