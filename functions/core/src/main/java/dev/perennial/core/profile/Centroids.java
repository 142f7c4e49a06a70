package dev.perennial.core.profile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A merging t-digest with the scale function k₁ (Dunning and Ertl 2019). The same values give the
 * same bytes, and two digests merge to the same in either order: DataSketches' own sorts by random
 * pivots, so that ties come out otherwise each time.
 *
 * @param means ascending
 * @param weights values per centroid
 */
record Centroids(double[] means, long[] weights) {
    /** Most centroids; a rank in the middle errs by less than one percent. */
    private static final int COMPRESSION = 400;

    /**
     * Of single values.
     *
     * @param sorted ascending, finite
     */
    static Centroids of(double[] sorted) {
        double total = sorted.length;
        double[] means = new double[sorted.length];
        long[] weights = new long[sorted.length];
        int count = 0;
        for (int from = 0; from < sorted.length; from += (int) weights[count++]) {
            int to = Math.max(from + 1, (int) (total * nextRank(from / total)));
            means[count] = mean(sorted, from, to);
            weights[count] = (long) to - from;
        }
        return new Centroids(Arrays.copyOf(means, count), Arrays.copyOf(weights, count));
    }

    private static double mean(double[] sorted, int from, int to) {
        double sum = 0; // faster than means of means, unless it overflows
        for (int i = from; i < to; i++) {
            sum += sorted[i];
        }
        double mean = sum / (to - from);
        if (!Double.isFinite(mean)) {
            mean = sorted[from];
            for (int i = from + 1; i < to; i++) {
                mean = between(mean, sorted[i], 1.0 / (i - from + 1));
            }
        }
        return Math.clamp(mean, sorted[from], sorted[to - 1]);
    }

    static Centroids fromBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int count = bytes.length / (Double.BYTES + Long.BYTES);
        double[] means = new double[count];
        long[] weights = new long[count];
        for (int i = 0; i < count; i++) {
            means[i] = buffer.getDouble();
            weights[i] = buffer.getLong();
        }
        return new Centroids(means, weights);
    }

    byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(means.length * (Double.BYTES + Long.BYTES));
        for (int i = 0; i < means.length; i++) {
            buffer.putDouble(means[i]).putLong(weights[i]);
        }
        return buffer.array();
    }

    Centroids merge(Centroids other) {
        return merge(List.of(this, other));
    }

    /** All of them at once, which is more exact than one after the other, and faster. */
    static Centroids merge(List<Centroids> all) {
        List<Centroids> left = all;
        while (left.size() > 1) {
            List<Centroids> pairs = new ArrayList<>();
            for (int i = 0; i < left.size(); i += 2) {
                pairs.add(i + 1 < left.size() ? left.get(i).beside(left.get(i + 1)) : left.get(i));
            }
            left = pairs;
        }
        return compressed(left.getFirst().means, left.getFirst().weights);
    }

    /**
     * Both are nearly in order already, by mean and then weight; what is not moves a few places.
     */
    private Centroids beside(Centroids other) {
        double[] all = new double[means.length + other.means.length];
        long[] allWeights = new long[all.length];
        int ours = 0;
        int theirs = 0;
        for (int i = 0; i < all.length; i++) {
            boolean own =
                    theirs == other.means.length
                            || (ours < means.length
                                    && Double.compare(means[ours], other.means[theirs]) <= 0);
            double mean = own ? means[ours] : other.means[theirs];
            long weight = own ? weights[ours++] : other.weights[theirs++];
            int place = i;
            for (; place > 0; place--) {
                int order = Double.compare(all[place - 1], mean);
                if (order < 0 || (order == 0 && allWeights[place - 1] <= weight)) {
                    break;
                }
                all[place] = all[place - 1];
                allWeights[place] = allWeights[place - 1];
            }
            all[place] = mean;
            allWeights[place] = weight;
        }
        return new Centroids(all, allWeights);
    }

    /** Joins neighbours as long as their share of the ranks stays within one step of the scale. */
    private static Centroids compressed(double[] means, long[] weights) {
        double total = Arrays.stream(weights).sum();
        double[] joined = new double[means.length];
        long[] joinedWeights = new long[means.length];
        int last = -1;
        long before = 0;
        double limit = 0;
        for (int i = 0; i < means.length; i++) {
            if (last >= 0 && before + joinedWeights[last] + weights[i] <= limit) {
                joinedWeights[last] += weights[i];
                joined[last] =
                        between(joined[last], means[i], (double) weights[i] / joinedWeights[last]);
            } else {
                before += last < 0 ? 0 : joinedWeights[last];
                limit = total * nextRank(before / total);
                last++;
                joined[last] = means[i];
                joinedWeights[last] = weights[i];
            }
        }
        return new Centroids(
                Arrays.copyOf(joined, last + 1), Arrays.copyOf(joinedWeights, last + 1));
    }

    /** One step of k₁(q) = δ/2π · asin(2q − 1) further. Strict: the same bits everywhere. */
    private static double nextRank(double rank) {
        double angle = StrictMath.asin(2 * rank - 1) + 2 * Math.PI / COMPRESSION;
        return angle >= Math.PI / 2 ? 1 : (StrictMath.sin(angle) + 1) / 2;
    }

    /**
     * The value at a share of the ranks, between centroids interpolated linearly.
     *
     * @param min the least value, {@code max} the greatest
     */
    double quantile(double q, double min, double max) {
        double rank = q * Arrays.stream(weights).sum();
        double value = min;
        double valueRank = 0;
        double before = 0;
        for (int i = 0; i <= means.length; i++) {
            double next = i < means.length ? means[i] : max;
            double nextRank = i < means.length ? before + weights[i] / 2.0 : before;
            if (rank <= nextRank) {
                return nextRank == valueRank
                        ? next
                        : between(value, next, (rank - valueRank) / (nextRank - valueRank));
            }
            value = next;
            valueRank = nextRank;
            before += i < means.length ? weights[i] : 0;
        }
        return max;
    }

    /** The share of values less than a limit. */
    double shareBelow(double limit, double min, double max) {
        double total = Arrays.stream(weights).sum();
        double value = min;
        double valueRank = 0;
        double before = 0;
        for (int i = 0; i <= means.length; i++) {
            double next = i < means.length ? means[i] : max;
            double nextRank = i < means.length ? before + weights[i] / 2.0 : before;
            if (next >= limit) {
                if (i == 0 && value >= limit) {
                    return 0;
                }
                return next == limit
                        ? before / total
                        : (valueRank
                                        + (nextRank - valueRank)
                                                * (limit / 2 - value / 2)
                                                / (next / 2 - value / 2))
                                / total;
            }
            value = next;
            valueRank = nextRank;
            before += i < means.length ? weights[i] : 0;
        }
        return 1;
    }

    /** What share of the ranks one centroid of several values spans at most; 0 where it is one. */
    static double span(double q, long values) {
        double step = 2 * Math.PI / COMPRESSION * Math.sqrt(q * (1 - q));
        return Math.max(0, step - 1.0 / values);
    }

    /** Never outside of both, and never an overflow on the way. */
    private static double between(double low, double high, double share) {
        double step = high - low;
        double value =
                Double.isFinite(step) ? low + step * share : low * (1 - share) + high * share;
        return Math.clamp(value, low, high);
    }
}
