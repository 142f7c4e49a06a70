package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Times without rows that the data's own rhythm doesn't explain.
 *
 * <p>Each hour of the week expects its mean number of rows, scaled by how many the surrounding four
 * weeks have. Rows that came independently would leave out a time that expects e rows with
 * probability exp(−e); rows that come in bursts, with exp(−e/φ), where φ is their variance over
 * their mean within the hours of the week. A gap is told if none of all the gaps between rows would
 * be so unlikely by chance.
 */
final class GapRule implements Rule {
    private static final long HOUR = Duration.ofHours(1).toSeconds() * 1_000_000L;
    private static final int WEEK = 24 * 7;
    private static final int LEVEL = 4 * WEEK;
    private static final int LEAST_ROWS = 100;
    private static final int SHOWN = 3;

    /** Beyond 25 years, nobody's hours are looked at. */
    private static final int MOST_HOURS = 25 * 366 * 24;

    @Override
    public List<Finding> check(Subject subject) {
        long[] micros = subject.table().time(subject.spec().time()).micros();
        if (micros.length < LEAST_ROWS) {
            return List.of();
        }
        long begin = Math.floorDiv(micros[0], HOUR);
        long hours = Math.floorDiv(micros[micros.length - 1], HOUR) - begin + 1;
        if (hours < 2 || hours > MOST_HOURS) {
            return List.of();
        }
        Rhythm rhythm = Rhythm.of(micros, begin, (int) hours);
        double unlikely = Math.log(micros.length / subject.falseAlarmRate(1)) * rhythm.bursts();
        List<Gap> gaps = new ArrayList<>();
        for (int row = 1; row < micros.length; row++) {
            if (micros[row] - micros[row - 1] > HOUR / 4) {
                double expected = rhythm.between(micros[row - 1], micros[row]) - 1;
                if (expected > unlikely) {
                    gaps.add(new Gap(row, expected));
                }
            }
        }
        gaps.sort(Comparator.comparingDouble(Gap::expected).reversed());
        return gaps.stream().limit(SHOWN).map(gap -> finding(subject, gap, gaps.size())).toList();
    }

    private record Gap(int row, double expected) {}

    private static Finding finding(Subject subject, Gap gap, int all) {
        return Finding.warning(
                        Check.GAP,
                        subject.spec().time(),
                        "no row from %s to %s%s"
                                .formatted(
                                        subject.moment(gap.row() - 1),
                                        subject.moment(gap.row()),
                                        all > SHOWN ? ", one of %,d gaps".formatted(all) : ""),
                        "about %,.0f rows in that time".formatted(gap.expected()))
                .in(new int[] {gap.row() - 1, gap.row()}, subject.table().rows());
    }

    /**
     * How many rows are expected when.
     *
     * @param begin the first hour, since the epoch
     * @param until rows expected before each hour, and at the end
     * @param bursts variance over mean within the hours of the week, at least 1
     */
    private record Rhythm(long begin, double[] until, double bursts) {
        static Rhythm of(long[] micros, long begin, int hours) {
            double[] counts = new double[hours];
            for (long moment : micros) {
                counts[(int) (Math.floorDiv(moment, HOUR) - begin)]++;
            }
            double[] level = level(counts);
            double[] week = new double[WEEK];
            double[] levels = new double[WEEK];
            for (int hour = 0; hour < hours; hour++) {
                int at = Math.floorMod(begin + hour, WEEK);
                week[at] += counts[hour];
                levels[at] += level[hour];
            }
            boolean weekly = hours >= LEVEL;
            double[] until = new double[hours + 1];
            double squares = 0;
            double means = 0;
            for (int hour = 0; hour < hours; hour++) {
                int at = Math.floorMod(begin + hour, WEEK);
                double expected =
                        weekly && levels[at] > 0
                                ? week[at] / levels[at] * level[hour]
                                : level[hour];
                until[hour + 1] = until[hour] + expected;
                squares += (counts[hour] - expected) * (counts[hour] - expected);
                means += expected;
            }
            return new Rhythm(begin, until, Math.max(1, squares / Math.max(means, 1e-9)));
        }

        /** Mean rows per hour in the four weeks around each. */
        private static double[] level(double[] counts) {
            double[] sums = new double[counts.length + 1];
            for (int hour = 0; hour < counts.length; hour++) {
                sums[hour + 1] = sums[hour] + counts[hour];
            }
            double[] level = new double[counts.length];
            Arrays.setAll(
                    level,
                    hour -> {
                        int from = Math.max(0, hour - LEVEL / 2);
                        int to = Math.min(counts.length, hour + LEVEL / 2);
                        return (sums[to] - sums[from]) / (to - from);
                    });
            return level;
        }

        double between(long from, long to) {
            return at(to) - at(from);
        }

        private double at(long micros) {
            long hour = Math.floorDiv(micros, HOUR) - begin;
            int index = Math.clamp(hour, 0, until.length - 2);
            double within = (double) Math.floorMod(micros, HOUR) / HOUR;
            return until[index] + within * (until[index + 1] - until[index]);
        }
    }
}
