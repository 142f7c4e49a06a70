package dev.perennial.core.metric;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which rows a resample draws together: those of one moment, since whatever happens at a moment
 * happens to all its entities, and a number of neighbouring moments, since errors last.
 *
 * @param starts first row of each moment, ascending, and at the end the number of rows
 * @param length moments per block, at least 1
 */
public record Blocks(int[] starts, int length) {
    /**
     * A table of fewer moments doesn't show how errors vary in time; its rows are taken as
     * independent.
     */
    public static final int LEAST_MOMENTS = 8;

    /** So many blocks remain at least, or the resamples would hardly differ. */
    private static final int LEAST_BLOCKS = 4;

    public Blocks {
        length = Math.clamp(length, 1, Math.max(1, (starts.length - 1) / LEAST_BLOCKS));
    }

    /** Rows that don't depend on each other. */
    public static Blocks ofRows(int rows) {
        return new Blocks(IntStream.rangeClosed(0, rows).toArray(), 1);
    }

    /**
     * Blocks as long as errors last, by {@link BlockLength}, and at least as long as labels take to
     * come: what a prediction missed is missed again until somebody knows.
     *
     * @param micros per row its moment, ascending
     * @param losses per row how far off its prediction is
     * @param delay of the labels
     */
    public static Blocks of(long[] micros, double[] losses, Duration delay) {
        int[] starts =
                IntStream.rangeClosed(0, micros.length)
                        .filter(row ->
                                row == 0 || row == micros.length || micros[row] != micros[row - 1])
                        .distinct()
                        .toArray();
        int moments = starts.length - 1;
        if (moments < LEAST_MOMENTS) {
            return ofRows(micros.length);
        }
        double[] means =
                IntStream.range(0, moments)
                        .mapToDouble(moment ->
                                Arrays.stream(losses, starts[moment], starts[moment + 1])
                                        .average()
                                        .orElseThrow())
                        .toArray();
        double momentsPerMicro = (moments - 1.0) / (micros[micros.length - 1] - micros[0]);
        double known = delay.toMillis() * 1_000.0 * momentsPerMicro;
        double lasting = BlockLength.of(means);
        return new Blocks(starts, (int) Math.min(moments, Math.ceil(Math.max(known, lasting))));
    }

    public int rows() {
        return starts[starts.length - 1];
    }

    public int moments() {
        return starts.length - 1;
    }

    /**
     * How many blocks the given rows lie in, were the table cut into blocks from its beginning.
     *
     * @param rows ascending
     */
    int blocksOf(int[] rows) {
        int blocks = 0;
        int last = -1;
        int moment = 0;
        for (int row : rows) {
            while (starts[moment + 1] <= row) {
                moment++;
            }
            if (moment / length != last) {
                last = moment / length;
                blocks++;
            }
        }
        return blocks;
    }
}
