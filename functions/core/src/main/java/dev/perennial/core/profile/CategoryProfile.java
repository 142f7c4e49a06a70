package dev.perennial.core.profile;

import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.text.Shortened;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.FrequentItemsSketch;
import org.apache.datasketches.hll.HllSketch;

/**
 * Of a category column.
 *
 * @param frequent sketch of frequent values (Misra and Gries 1982; Anderson et al. 2017),
 *     serialised: exact up to {@value #EXACT_VALUES} distinct values
 * @param distinctSketch HyperLogLog, serialised
 */
public record CategoryProfile(
        String name, long count, long nulls, byte[] frequent, byte[] distinctSketch)
        implements ColumnProfile {
    static final int EXACT_VALUES = 768;
    private static final int MAP_SIZE = 1024;
    private static final int LONGEST_KEPT = 200;

    /** A value and how often it occurs. */
    public record Frequency(String value, long count) {}

    /** Profiles a column. Values longer than 200 characters count by their beginning. */
    public static CategoryProfile of(CategoryColumn column) {
        long[] counts = column.counts();
        long count = Arrays.stream(counts).sum();
        FrequentItemsSketch<String> frequent = new FrequentItemsSketch<>(MAP_SIZE);
        HllSketch distinct = Distinct.sketch();
        for (int code = 0; code < counts.length; code++) {
            if (counts[code] > 0) {
                String value = column.dictionary().get(code);
                distinct.update(value);
                frequent.update(kept(value), counts[code]);
            }
        }
        return new CategoryProfile(
                column.name(),
                count,
                column.rows() - count,
                frequent.toByteArray(new ArrayOfStringsSerDe()),
                distinct.toCompactByteArray());
    }

    /** The profile of all parts together. */
    static CategoryProfile merge(List<CategoryProfile> parts) {
        FrequentItemsSketch<String> merged = parts.getFirst().sketch();
        parts.subList(1, parts.size()).forEach(part -> merged.merge(part.sketch()));
        return new CategoryProfile(
                parts.getFirst().name,
                parts.stream().mapToLong(CategoryProfile::count).sum(),
                parts.stream().mapToLong(CategoryProfile::nulls).sum(),
                merged.toByteArray(new ArrayOfStringsSerDe()),
                Distinct.merge(parts.stream().map(CategoryProfile::distinctSketch).toList()));
    }

    /** The profile of both parts together. */
    public CategoryProfile merge(CategoryProfile other) {
        return merge(List.of(this, other));
    }

    public long distinct() {
        return Distinct.estimate(distinctSketch);
    }

    /** The most frequent values, descending; equal counts in order of their text. */
    public List<Frequency> top(int most) {
        return frequent(ErrorType.NO_FALSE_NEGATIVES, most);
    }

    private List<Frequency> frequent(ErrorType error, int most) {
        return Arrays.stream(sketch().getFrequentItems(error))
                .map(row -> new Frequency(row.getItem(), row.getEstimate()))
                .sorted(
                        Comparator.comparingLong(Frequency::count)
                                .reversed()
                                .thenComparing(Frequency::value))
                .limit(most)
                .toList();
    }

    /**
     * The most frequent values that are surely among them, descending. Of a column with many values
     * the sketch forgets the rare ones, and what it kept by chance is left out.
     */
    public List<String> surelyFrequent(int most) {
        return frequent(ErrorType.NO_FALSE_POSITIVES, most).stream().map(Frequency::value).toList();
    }

    /** By how much {@link #share} may be too large; 0 up to {@value #EXACT_VALUES} values. */
    public double blur() {
        return count == 0 ? 0 : (double) sketch().getMaximumError() / count;
    }

    /** A value's share of the values that are there. */
    public double share(String value) {
        return count == 0 ? 0 : (double) sketch().getEstimate(kept(value)) / count;
    }

    /** A value as profiles keep it. */
    public static String kept(String value) {
        return Shortened.kept(value, LONGEST_KEPT);
    }

    private FrequentItemsSketch<String> sketch() {
        return FrequentItemsSketch.getInstance(
                MemorySegment.ofArray(frequent), new ArrayOfStringsSerDe());
    }
}
