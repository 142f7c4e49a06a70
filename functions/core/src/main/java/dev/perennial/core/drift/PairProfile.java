package dev.perennial.core.drift;

import dev.perennial.core.table.Table;
import java.util.List;

/**
 * How number columns go together: sums of {@link RankScores} and of their products, which merge.
 *
 * @param columns in the order of sums
 * @param sums of the scores by column
 * @param products sums of products of pairs, {@code (0, 0), (0, 1), (1, 1), (0, 2) …}
 */
public record PairProfile(List<String> columns, long rows, double[] sums, double[] products) {
    /** Less variance than this, of scores whose variance is 1 on the reference, is rounding. */
    private static final double LEAST = 1e-9;

    public PairProfile {
        columns = List.copyOf(columns);
    }

    public static PairProfile of(RankScores scores, Table rows) {
        return of(scores.names(), scores.of(rows), 0, rows.rows());
    }

    static PairProfile of(List<String> names, double[][] scores, int from, int to) {
        double[] sums = new double[names.size()];
        double[] products = new double[names.size() * (names.size() + 1) / 2];
        for (int b = 0; b < sums.length; b++) {
            for (int row = from; row < to; row++) {
                sums[b] += scores[b][row];
            }
            for (int a = 0; a <= b; a++) {
                double sum = 0;
                for (int row = from; row < to; row++) {
                    sum += scores[a][row] * scores[b][row];
                }
                products[at(a, b)] = sum;
            }
        }
        return new PairProfile(names, to - from, sums, products);
    }

    private static int at(int a, int b) {
        return b * (b + 1) / 2 + a;
    }

    /**
     * Both parts together.
     *
     * @throws IllegalArgumentException if they aren't of the same columns
     */
    public PairProfile merge(PairProfile other) {
        if (!columns.equals(other.columns)) {
            throw new IllegalArgumentException(
                    "pairs of %s can't be merged with pairs of %s"
                            .formatted(other.columns, columns));
        }
        return new PairProfile(
                columns,
                rows + other.rows,
                added(sums, other.sums),
                added(products, other.products));
    }

    private static double[] added(double[] a, double[] b) {
        double[] sums = a.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += b[i];
        }
        return sums;
    }

    /**
     * Correlation of two columns' scores, −1 to 1; 0 where one doesn't vary.
     *
     * @param a index of a column, less than {@code b}
     */
    double correlation(int a, int b) {
        double ofA = covariance(a, a);
        double ofB = covariance(b, b);
        return ofA > LEAST && ofB > LEAST
                ? Math.clamp(covariance(a, b) / Math.sqrt(ofA * ofB), -1, 1)
                : 0;
    }

    private double covariance(int a, int b) {
        return products[at(a, b)] / rows - sums[a] / rows * (sums[b] / rows);
    }
}
