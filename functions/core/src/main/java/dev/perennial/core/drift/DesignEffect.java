package dev.perennial.core.drift;

import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Table;
import java.util.List;

/**
 * How much more a window of neighbouring rows varies around the whole than as many independent rows
 * would (Kish 1965): 1 for independent rows, more where values last or follow a season that is
 * longer than the window.
 *
 * <p>Measured on the training rows: they are cut into windows as long as the live one, each is
 * compared with the whole, and the mean index is set against the one that independent rows have.
 * The mean of few windows is uncertain, so it is raised by as much as its standard error, and never
 * is below 1.
 */
public final class DesignEffect {
    /** With fewer windows in the training rows nothing can be said of how they vary. */
    private static final int LEAST_WINDOWS = 2;

    private DesignEffect() {}

    /**
     * Measures.
     *
     * @param column in order of time
     * @param reference its profile
     * @param windowRows rows that a live window has
     */
    public static double of(Column column, ColumnProfile reference, int windowRows) {
        int rows = column.rows();
        int windows = windowRows <= 0 ? 0 : rows / windowRows;
        if (windows < LEAST_WINDOWS) {
            // One window is all there is to compare with; the next may be as different as halves
            // are.
            return rows < 2 * LEAST_WINDOWS ? 1 : of(column, reference, rows / LEAST_WINDOWS);
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < windows; i++) {
            double effect = effect(column.range(i * windowRows, (i + 1) * windowRows), reference);
            sum += effect;
            squares += effect * effect;
        }
        double mean = sum / windows;
        double variance = Math.max(0, squares / windows - mean * mean) / (windows - 1);
        return Math.max(1, mean + Math.sqrt(variance));
    }

    /** A window's index over the one expected of independent rows that are part of the whole. */
    private static double effect(Column window, ColumnProfile reference) {
        ColumnProfile profile = TableProfile.of(new Table(List.of(window))).columns().getFirst();
        return PopulationStability.of(reference, profile, 1, 0.5)
                .map(found -> {
                    double share = 1.0 / profile.rows() - 1.0 / reference.rows();
                    return share <= 0 ? 1 : found.index() / (share * (found.bins() - 1));
                })
                .orElse(1.0);
    }
}
