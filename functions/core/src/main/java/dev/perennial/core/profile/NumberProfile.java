package dev.perennial.core.profile;

import dev.perennial.core.table.Column.NumberColumn;
import java.util.Arrays;
import java.util.List;
import org.apache.datasketches.hll.HllSketch;

/**
 * Of a number column. Numbers are 0 where the column has no value at all.
 *
 * @param squares sum of squared distances from the mean
 * @param zeros values that are exactly 0
 * @param digest t-digest, see {@link Centroids}: mean and weight of each
 * @param distinctSketch HyperLogLog, serialised
 */
public record NumberProfile(
        String name,
        long count,
        long nulls,
        double min,
        double max,
        double mean,
        double squares,
        long zeros,
        byte[] digest,
        byte[] distinctSketch)
        implements ColumnProfile {
    /** Profiles a column. */
    public static NumberProfile of(NumberColumn column) {
        double[] sorted = new double[column.rows()];
        HllSketch distinct = Distinct.sketch();
        long count = 0;
        long zeros = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double mean = 0;
        double squares = 0;
        for (double value : column.values()) {
            if (Double.isNaN(value)) {
                continue;
            }
            sorted[(int) count++] = value;
            double delta = value - mean; // Welford 1962
            mean += value / count - mean / count; // delta may overflow
            squares += delta * (value - mean);
            min = Math.min(min, value);
            max = Math.max(max, value);
            zeros += value == 0 ? 1 : 0;
            distinct.update(value);
        }
        sorted = Arrays.copyOf(sorted, (int) count);
        DigitSort.sort(sorted);
        return new NumberProfile(
                column.name(),
                count,
                column.rows() - count,
                count == 0 ? 0 : min,
                count == 0 ? 0 : max,
                mean,
                squares,
                zeros,
                Centroids.of(sorted).toBytes(),
                distinct.toCompactByteArray());
    }

    /** The profile of all parts together; moments after Chan, Golub and LeVeque 1983. */
    static NumberProfile merge(List<NumberProfile> parts) {
        List<NumberProfile> filled = parts.stream().filter(each -> each.count > 0).toList();
        NumberProfile sum = filled.isEmpty() ? parts.getFirst() : filled.getFirst();
        long nulls = parts.stream().mapToLong(NumberProfile::nulls).sum();
        long count = sum.count;
        double mean = sum.mean;
        double squares = sum.squares;
        double min = sum.min;
        double max = sum.max;
        long zeros = sum.zeros;
        for (NumberProfile part : filled.subList(Math.min(1, filled.size()), filled.size())) {
            long total = count + part.count;
            double delta = part.mean - mean;
            double share = (double) part.count / total;
            squares += part.squares + delta * delta * count / total * part.count;
            mean =
                    Double.isFinite(delta)
                            ? mean + delta * share
                            : mean * (1 - share) + part.mean * share;
            count = total;
            min = Math.min(min, part.min);
            max = Math.max(max, part.max);
            zeros += part.zeros;
        }
        boolean alone = filled.size() < 2;
        return new NumberProfile(
                sum.name,
                count,
                nulls,
                min,
                max,
                mean,
                squares,
                zeros,
                alone
                        ? sum.digest
                        : Centroids.merge(filled.stream().map(NumberProfile::centroids).toList())
                                .toBytes(),
                alone
                        ? sum.distinctSketch
                        : Distinct.merge(
                                filled.stream().map(NumberProfile::distinctSketch).toList()));
    }

    /** The profile of both parts together. */
    public NumberProfile merge(NumberProfile other) {
        return merge(List.of(this, other));
    }

    /** Population variance. */
    public double variance() {
        return count == 0 ? 0 : squares / count;
    }

    public long distinct() {
        return Distinct.estimate(distinctSketch);
    }

    /**
     * The value below which a share of the values lies, within 1 % of rank in the middle and far
     * less at the ends.
     *
     * @param q 0 to 1
     * @throws IllegalStateException if there is no value
     */
    public double quantile(double q) {
        if (count == 0) {
            throw new IllegalStateException(name + " has no value, so no quantile");
        }
        return centroids().quantile(q, min, max);
    }

    /**
     * The share of values in each interval; an edge belongs to the interval above it.
     *
     * @param edges ascending; n edges make n + 1 intervals, the outer ones open
     */
    public double[] shares(double[] edges) {
        double[] shares = new double[edges.length + 1];
        if (count == 0) {
            return shares;
        }
        Centroids centroids = centroids();
        double below = 0;
        for (int i = 0; i < edges.length; i++) {
            double next = Math.max(below, centroids.shareBelow(edges[i], min, max));
            shares[i] = next - below;
            below = next;
        }
        shares[edges.length] = 1 - below;
        return shares;
    }

    /**
     * By how much {@link #shares} may err at an edge where one value is much of the column: the
     * sketch may hold it and its neighbour as one. Between values that hardly repeat it errs far
     * less.
     *
     * @param q the share of values below the edge, 0 to 1
     * @return a share of the values
     */
    public double blur(double q) {
        return count == 0 ? 0 : Centroids.span(q, count);
    }

    /**
     * Counts in bins of equal width from {@link #min} to {@link #max}.
     *
     * @param bins at least 1; a constant column, or one too narrow to divide, has one
     */
    public double[] histogram(int bins) {
        double width = max / bins - min / bins;
        if (count == 0 || !(width > Math.ulp(Math.max(Math.abs(min), Math.abs(max))))) {
            return new double[] {count};
        }
        double[] edges = new double[bins - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = min + width * (i + 1);
        }
        return Arrays.stream(shares(edges)).map(share -> share * count).toArray();
    }

    private Centroids centroids() {
        return Centroids.fromBytes(digest);
    }
}
