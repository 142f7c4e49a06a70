package dev.perennial.core.validation;

import dev.perennial.core.drift.DesignEffect;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Table;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The snapshot's rows that came after the champion's training data, beside that data. The rows that
 * both were trained on would hide a change.
 */
final class Recent {
    /** Fewer show hardly anything. */
    private static final int LEAST_ROWS = 200;

    private final Table rows;
    private final Table earlier;
    private final TableProfile profile;
    private final TableProfile champion;
    private final Map<String, DesignEffect> effects = new ConcurrentHashMap<>();

    private Recent(Table rows, Table earlier, TableProfile champion) {
        this.rows = rows;
        this.earlier = earlier;
        this.profile = TableProfile.of(rows);
        this.champion = champion;
    }

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
        return micros.length - first < LEAST_ROWS
                ? Optional.empty()
                : Optional.of(
                        new Recent(
                                table.range(first, micros.length),
                                table.range(0, first),
                                champion));
    }

    /** In order of time. */
    Table rows() {
        return rows;
    }

    /** Of the new rows. */
    TableProfile profile() {
        return profile;
    }

    /** Of what the champion was trained on. */
    TableProfile champion() {
        return champion;
    }

    /** The snapshot's other rows, in order of time. */
    Table earlier() {
        return earlier;
    }

    /** How much more than independent rows so many consecutive ones of a column vary. */
    DesignEffect effect(String column) {
        return effects.computeIfAbsent(
                column,
                name -> {
                    Column before = earlier.column(name);
                    return before.rows() == 0
                            ? DesignEffect.none()
                            : DesignEffect.of(before, ColumnProfile.of(before), rows.rows());
                });
    }
}
