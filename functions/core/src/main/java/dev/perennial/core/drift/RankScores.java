package dev.perennial.core.drift;

import dev.perennial.core.drift.Measure.Contrast;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scores of number columns by the reference's deciles, with mean 0 and variance 1 on the reference:
 * outliers, infinities and another unit can't outshout the other rows. A missing value scores 0.
 */
public final class RankScores {
    /** Pairs grow with the square, and what hardly enters a prediction is no loss. */
    static final int MOST_COLUMNS = 12;

    private record Scored(String column, Bins bins, double[] scores) {}

    private final List<Scored> columns;

    private RankScores(List<Scored> columns) {
        this.columns = columns;
    }

    /**
     * Of the reference's columns.
     *
     * @param names the most important first; those that aren't numbers or are constant are left
     *     out, and all beyond the twelfth
     */
    public static RankScores of(TableProfile reference, List<String> names) {
        List<Scored> scored = new ArrayList<>();
        for (String name : names) {
            Optional<NumberProfile> profile = reference.number(name);
            if (profile.isEmpty() || scored.size() == MOST_COLUMNS) {
                continue;
            }
            Bins bins = Bins.of(profile.get());
            Contrast.polynomials(bins.counts(profile.get()), 1)
                    .forEach(each -> scored.add(new Scored(name, bins, each.scores())));
        }
        return new RankScores(List.copyOf(scored));
    }

    List<String> names() {
        return columns.stream().map(Scored::column).toList();
    }

    /**
     * Scores of rows, by column.
     *
     * @throws IllegalArgumentException if a column isn't there, or is no number column
     */
    double[][] of(Table rows) {
        double[][] scores = new double[columns.size()][];
        for (int c = 0; c < scores.length; c++) {
            Scored scored = columns.get(c);
            int[] bins = scored.bins().of(rows.number(scored.column()));
            scores[c] = new double[bins.length];
            for (int row = 0; row < bins.length; row++) {
                scores[c][row] = scored.scores()[bins[row]];
            }
        }
        return scores;
    }
}
