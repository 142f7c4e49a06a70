package dev.perennial.core.validation;

import dev.perennial.core.drift.DesignEffect;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.table.Table;
import java.util.Optional;

/**
 * The snapshot's rows that came after the champion's training data, beside that data. The rows that
 * both were trained on would hide a change.
 *
 * @param rows in order of time
 * @param profile of them
 * @param champion profile of what the champion was trained on
 * @param earlier the snapshot's other rows, in order of time
 * @param earlierProfile of them
 */
record Recent(
        Table rows,
        TableProfile profile,
        TableProfile champion,
        Table earlier,
        TableProfile earlierProfile) {
    /** Fewer show hardly anything. */
    private static final int LEAST_ROWS = 200;

    /** Empty where nothing can be compared: too few rows are new. */
    static Optional<Recent> of(String time, Table table, TableProfile champion) {
        Optional<TimeProfile> seen = champion.time(time);
        if (seen.isEmpty() || champion.rows() == 0) {
            return Optional.empty();
        }
        long[] micros = table.time(time).micros();
        int first = micros.length;
        while (first > 0 && micros[first - 1] > seen.get().max()) {
            first--;
        }
        if (micros.length - first < LEAST_ROWS) {
            return Optional.empty();
        }
        Table rows = table.range(first, micros.length);
        Table earlier = table.range(0, first);
        return Optional.of(
                new Recent(
                        rows, TableProfile.of(rows), champion, earlier, TableProfile.of(earlier)));
    }

    /** How much more than independent rows so many consecutive ones of a column vary. */
    DesignEffect effect(String column) {
        Optional<ColumnProfile> profile = earlierProfile.column(column);
        return profile.isEmpty()
                ? DesignEffect.none()
                : DesignEffect.of(earlier.column(column), profile.get(), rows.rows());
    }
}
